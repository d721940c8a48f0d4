import type { AttemptOutcome } from '#libs/domain';

import type { AttemptRequest, Dispatcher } from '../src/attempt/dispatcher.ts';

/** Makes one attempt and resolves with its outcome as soon as that is known. */
export function outcomeOf(dispatcher: Dispatcher, request: AttemptRequest): Promise<AttemptOutcome> {
  return new Promise((resolve) => dispatcher.attempt(request, { onOutcome: resolve, onEnd: () => {} }));
}
