import { describe, expect, it } from '@jest/globals';

import { WebhookIndex } from './matching.ts';
import type { Webhook, WebhookStatus } from './webhook.ts';

function webhook(id: string, eventTypes: readonly string[], status: WebhookStatus = 'active'): Webhook {
  return { id, customerId: 'c', url: 'https://a', eventTypes, status, success: '200', signatures: [], secrets: [] };
}

const groups: Readonly<Record<string, string>> = {
  call: 'call',
  transcribe: 'transcribe',
  transcribe_speech: 'transcribe',
  conversation: 'conversation',
  conversation_message: 'conversation',
};
const groupOf = (resourceType: string): string | undefined => groups[resourceType];
const receivers = (webhooks: readonly Webhook[], type: string, resourceType: string): string[] =>
  new WebhookIndex(webhooks, groupOf).match({ type, resourceType }).map(({ id }) => id);

describe('WebhookIndex', () => {
  it('matches exact names and nothing else', () => {
    const all = [webhook('a', ['call_hangup']), webhook('b', ['call_created'])];
    expect(receivers(all, 'call_hangup', 'call')).toEqual(['a']);
  });

  it('matches * with every event, also of types nobody knows', () => {
    expect(receivers([webhook('a', ['*'])], 'planet_discovered', 'planet')).toEqual(['a']);
  });

  it('covers a group with the group name, and one resource type with its own', () => {
    const all = [webhook('group', ['conversation_*']), webhook('one', ['conversation_message_*'])];
    expect(receivers(all, 'conversation_message_created', 'conversation_message').toSorted()).toEqual(['group', 'one']);
    expect(receivers(all, 'conversation_created', 'conversation')).toEqual(['group']);
    expect(receivers([webhook('t', ['transcribe_*'])], 'transcribe_speech_ended', 'transcribe_speech')).toEqual(['t']);
  });

  it('covers every event of a resource type, whatever the event is called', () => {
    expect(receivers([webhook('a', ['call_*'])], 'call.outbound_whitelist_rejected', 'call')).toEqual(['a']);
  });

  it('does not take a name for the start of another', () => {
    expect(receivers([webhook('a', ['call_*'])], 'callback_made', 'callback')).toEqual([]);
  });

  it('names a webhook once, however many of its selectors match', () => {
    expect(receivers([webhook('a', ['*', 'call_*', 'call_hangup'])], 'call_hangup', 'call')).toEqual(['a']);
    expect(receivers([webhook('a', ['call_*', 'call_*'])], 'call_hangup', 'call')).toEqual(['a']);
  });

  it('leaves out webhooks that are not active', () => {
    expect(receivers([webhook('a', ['*'], 'disabled')], 'call_hangup', 'call')).toEqual([]);
  });
});

describe('an event that tells of a webhook', () => {
  const all = [webhook('a', ['*', 'webhook_*']), webhook('b', ['webhook_failing'])];
  const index = new WebhookIndex(all, groupOf);
  const match = (resourceType: string, resourceId?: string): string[] =>
    index
      .match({ type: 'webhook_failing', resourceType, ...(resourceId === undefined ? {} : { resourceId }) })
      .map(({ id }) => id);

  it("goes to the customer's other webhooks, not to that one", () => {
    expect(match('webhook', 'a')).toEqual(['b']);
    expect(match('webhook', 'b')).toEqual(['a']);
    expect(match('webhook', 'c')).toEqual(['a', 'b']);
    expect(match('webhook')).toEqual(['a', 'b']);
  });

  it('is one of the resource type webhook: other things may have the same id', () => {
    expect(match('call', 'a')).toEqual(['a', 'b']);
  });
});

describe('a filter', () => {
  const filtered = (id: string, filter: Webhook['filter']): Webhook => ({ ...webhook(id, ['call_*']), filter });
  const only = (status: string): Webhook['filter'] => ({
    kind: 'filter',
    filter: { kind: 'condition', path: ['data', 'status'], comparisons: [{ kind: 'equals', value: status }] },
  });
  const event = { type: 'call_hangup', resourceType: 'call', fields: { data: { status: 'hangup' } } };

  it('keeps back what its webhook does not want, and nothing else', () => {
    const all = [filtered('a', only('hangup')), filtered('b', only('ringing')), webhook('c', ['*'])];
    expect(
      new WebhookIndex(all, groupOf)
        .match(event)
        .map(({ id }) => id)
        .toSorted(),
    ).toEqual(['a', 'c']);
  });

  it('that cannot be read keeps nothing back: its webhook has to fail, or events would be lost', () => {
    const all = [filtered('a', { kind: 'unreadable', text: '{}' })];
    expect(new WebhookIndex(all, groupOf).match(event).map(({ id }) => id)).toEqual(['a']);
  });

  it('costs no look at the event where no webhook has one', () => {
    const untouched = {
      type: 'call_hangup',
      resourceType: 'call',
      get fields(): unknown {
        throw new Error('was looked at');
      },
    };
    expect(new WebhookIndex([webhook('a', ['*'])], groupOf).match(untouched)).toHaveLength(1);
  });
});

it('a paused webhook is found, a disabled one is not', () => {
  const all = [webhook('a', ['*'], 'paused'), webhook('b', ['*'], 'disabled'), webhook('c', ['*'])];
  expect(receivers(all, 'call_hangup', 'call')).toEqual(['a', 'c']);
});
