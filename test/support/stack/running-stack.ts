import type { TestStack } from './acquire-stack.ts';

declare global {
  /** Set-up and tear-down are loaded apart and share nothing but the global object. */
  var webhookTestStack: TestStack | undefined;
}

export function keepStack(stack: TestStack): void {
  globalThis.webhookTestStack = stack;
}

export function takeStack(): TestStack | undefined {
  const stack = globalThis.webhookTestStack;
  globalThis.webhookTestStack = undefined;
  return stack;
}
