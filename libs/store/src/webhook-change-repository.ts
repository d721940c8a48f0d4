import { isDeepStrictEqual } from 'node:util';

import { type Clock, isLive, type PendingControl } from '#libs/domain';
import type { Collection, UpdateFilter } from 'mongodb';

import type { Store } from './store.ts';
import {
  atRevision,
  atSealing,
  fromDocument,
  living,
  newMark,
  type StoredWebhook,
  toDocument,
  type WebhookDocument,
} from './webhook-document.ts';

/** Which webhook is to be changed. */
export interface ChangedWebhook {
  readonly id: string;
  /** Undefined = whoever's. */
  readonly customerId?: string | undefined;
  /** Those that it may have; undefined = any. */
  readonly revisions?: readonly number[] | undefined;
}

/** What became of a change. */
export type ChangeOutcome =
  /** It is stored, and has yet to be told. */
  | { readonly kind: 'changed'; readonly webhook: StoredWebhook; readonly control: PendingControl }
  /** There is no such webhook in the scope. */
  | { readonly kind: 'missing' }
  /** The webhook has another revision than those that were expected. */
  | { readonly kind: 'outdated' };

/** Why a change cannot be made to the webhook as it is, said by who works it out. */
export interface Refusal {
  readonly kind: 'refused';
}

/**
 * Changes webhooks. A change is one write, which goes through only if the webhook is as it was when the change was worked out; it also
 * sets the mark for the control records. Every method throws UnavailableError while MongoDB does not answer.
 */
export class WebhookChangeRepository {
  private readonly store: Store;
  private readonly collection: Collection<WebhookDocument>;
  private readonly clock: Clock;

  constructor(store: Store, clock: Clock) {
    this.store = store;
    this.collection = store.collection<WebhookDocument>('webhooks');
    this.clock = clock;
  }

  /**
   * Changes a webhook; overtaken by another change, it is worked out anew. Where nothing differs only the mark is set anew, so that
   * whoever asks again gets an answer that holds, too. Secrets that have expired are removed along the way.
   *
   * @param apply the webhook as it should be, its revision and the time of the change are set here; or a refusal, and nothing is written
   */
  change(given: ChangedWebhook, apply: (webhook: StoredWebhook, now: number) => StoredWebhook): Promise<ChangeOutcome>;
  change<R extends Refusal>(
    given: ChangedWebhook,
    apply: (webhook: StoredWebhook, now: number) => StoredWebhook | R,
  ): Promise<ChangeOutcome | R>;
  async change<R extends Refusal>(
    given: ChangedWebhook,
    apply: (webhook: StoredWebhook, now: number) => StoredWebhook | R,
  ): Promise<ChangeOutcome | R> {
    for (;;) {
      const found = await this.store.run(() => this.collection.findOne(living(given.id, given.customerId)));
      if (!found) return { kind: 'missing' };
      const before = fromDocument(found);
      if (given.revisions && !given.revisions.includes(before.revision)) return { kind: 'outdated' };
      const now = this.clock.now();
      const applied = apply(before, now);
      if ('kind' in applied) return applied;
      const webhook = withoutExpired(this.stamped(before, applied, now), now);
      const mark = newMark(this.clock);
      const update = differences(toDocument(before, mark), toDocument(webhook, mark));
      const written = await this.store.run(() =>
        this.collection.updateOne(
          {
            ...living(given.id, before.customerId),
            ...atRevision(before.revision),
            ...atSealing(found.sealing ?? 0),
          },
          { ...update, $set: { ...update.$set, control_pending: mark } },
        ),
      );
      if (written.matchedCount === 0) continue;
      return {
        kind: 'changed',
        webhook,
        control: { webhookId: webhook.id, customerId: webhook.customerId, token: mark.token },
      };
    }
  }

  private stamped(before: StoredWebhook, after: StoredWebhook, now: number): StoredWebhook {
    if (isDeepStrictEqual(before, after)) return before;
    return { ...after, revision: before.revision + 1, updatedAt: now };
  }
}

function withoutExpired(webhook: StoredWebhook, now: number): StoredWebhook {
  return { ...webhook, secrets: webhook.secrets.filter((secret) => isLive(secret, now)) };
}

/** What makes one document of the other; fields that this version does not know stay as they are. */
function differences(before: WebhookDocument, after: WebhookDocument): UpdateFilter<WebhookDocument> {
  const known = new Map<string, unknown>(Object.entries(before));
  const changed = Object.entries(after).filter(([name, value]) => !isDeepStrictEqual(known.get(name), value));
  const cleared = changed.filter(([, value]) => value === undefined);
  return {
    $set: Object.fromEntries(changed.filter(([, value]) => value !== undefined)),
    ...(cleared.length === 0 ? {} : { $unset: Object.fromEntries(cleared.map(([name]) => [name, ''])) }),
  };
}
