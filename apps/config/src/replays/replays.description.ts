import type { Description } from '../openapi/describes.ts';
import { WEBHOOK_ID } from '../webhooks/webhook-id.ts';
import { newReplaySchema } from './new-replay.ts';
import { shownReplay } from './replay-view.ts';

const REPLAY_ID = { description: "The replay's id.", example: 'c1f8a2d4-0b7e-4c39-8f5a-6d2e9b1c3a70' };

export const createReplay: Description = {
  operationId: 'createReplay',
  tag: 'replays',
  summary: 'Deliver a span of time again',
  description: `Has the events of a span of time delivered to the webhook once more, in their order. \`since\` is where the log begins
where it goes further back; the answer shows what was made of it. A dry run counts, and sends nothing.`,
  path: { id: WEBHOOK_ID },
  body: { name: 'NewReplay', schema: ({ catalogue }) => newReplaySchema(catalogue) },
  answer: { description: 'The replay, which goes on by itself.', schema: shownReplay },
  reasons: ['WEBHOOK_NOT_ACTIVE', 'TOO_MANY_REPLAYS'],
};

export const getReplay: Description = {
  operationId: 'getReplay',
  tag: 'replays',
  summary: 'Follow a replay',
  description:
    'How far it has come, and what became of its events. Replays that are over are kept as long as attempts are.',
  path: { id: REPLAY_ID },
  answer: { description: 'The replay.', schema: shownReplay },
};

export const cancelReplay: Description = {
  operationId: 'cancelReplay',
  tag: 'replays',
  summary: 'Cancel a replay',
  description: 'What it has handed over already is delivered. One that is over stays as it is.',
  path: { id: REPLAY_ID },
  answer: { description: 'The replay as it is now.', schema: shownReplay },
};
