import type { OwnHeader, SealedSecret } from '#libs/domain';
import type { Collection } from 'mongodb';

import type { Store } from './store.ts';
import {
  atRevision,
  atSealing,
  fromSecretDocument,
  toSecretDocument,
  type WebhookDocument,
} from './webhook-document.ts';

/** What of a webhook is sealed, as one read found it. */
export interface SealedValues {
  readonly webhookId: string;
  readonly revision: number;
  /** How many times its values have been sealed anew. */
  readonly sealing: number;
  readonly secrets: readonly SealedSecret[];
  readonly headers: readonly OwnHeader[];
}

type Projected = Pick<WebhookDocument, '_id' | 'revision' | 'sealing' | 'secrets' | 'headers'>;

/**
 * The sealed values of all webhooks, for sealing them anew: the same values, so neither a revision nor a control record comes of it.
 * Every method throws UnavailableError while MongoDB does not answer.
 */
export class SealedValuesRepository {
  private readonly store: Store;
  private readonly collection: Collection<WebhookDocument>;

  constructor(store: Store) {
    this.store = store;
    this.collection = store.collection<WebhookDocument>('webhooks');
  }

  /** A page in the order of the ids. @param after the last id of the page before. */
  async page({ after, limit }: { after: string | undefined; limit: number }): Promise<SealedValues[]> {
    const documents = await this.store.run(() =>
      this.collection
        .find({ deleted_at: { $exists: false }, ...(after === undefined ? {} : { _id: { $gt: after } }) })
        .project<Projected>({ revision: 1, sealing: 1, secrets: 1, headers: 1 })
        .sort({ _id: 1 })
        .limit(limit)
        .toArray(),
    );
    return documents.map(({ _id, revision = 0, sealing = 0, secrets, headers = [] }) => ({
      webhookId: _id,
      revision,
      sealing,
      secrets: secrets.map(fromSecretDocument),
      headers,
    }));
  }

  /** Puts values in the place of those that were found; false when the webhook was changed since, or is gone. */
  async replace(found: SealedValues, values: Pick<SealedValues, 'secrets' | 'headers'>): Promise<boolean> {
    const { secrets, headers } = values;
    const written = await this.store.run(() =>
      this.collection.updateOne(
        { _id: found.webhookId, ...atRevision(found.revision), ...atSealing(found.sealing) },
        {
          $set: {
            secrets: secrets.map(toSecretDocument),
            ...(headers.length === 0 ? {} : { headers }),
            sealing: found.sealing + 1,
          },
        },
      ),
    );
    return written.matchedCount === 1;
  }
}
