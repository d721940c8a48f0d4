import got, { type Got } from 'got';

/** A customer with a key of its own, made through the admin REST. */
export interface DemoCustomer {
  readonly id: string;
  readonly token: string;
}

/** The part of an attempt that the demo keeps. */
export interface ListedAttempt {
  readonly id: string;
  readonly event_id: string;
  readonly outcome: 'delivered' | 'failed' | 'held' | 'skipped';
  readonly at: string;
}

/** The part of a dead letter that the demo keeps. */
export interface ListedDeadLetter {
  readonly event_id: string;
  readonly event_type: string;
  readonly attempts: number;
}

/** The calls of the admin REST that the demo makes. */
export class Admin {
  private readonly http: Got;

  /** @param address of the config app, for example `http://127.0.0.1:8080`. */
  constructor(address: string, operatorKey: string) {
    this.http = got.extend({
      prefixUrl: address,
      responseType: 'json',
      retry: { limit: 0 },
      headers: { authorization: `Bearer ${operatorKey}` },
    });
  }

  async createCustomer(name: string): Promise<DemoCustomer> {
    const { id } = await this.http.post<{ id: string }>('customers', { json: { name } }).json<{ id: string }>();
    const key = await this.http
      .post(`customers/${id}/accesskeys`, { json: { name: 'demo' } })
      .json<{ token: string }>();
    return { id, token: key.token };
  }

  /** Registers a webhook as the customer itself would; its id and signing secret. */
  async createWebhook(
    customer: DemoCustomer,
    url: string,
    eventTypes: readonly string[],
  ): Promise<{ id: string; secret: string }> {
    return await this.http
      .post('webhooks', { json: { url, event_types: eventTypes }, headers: keyOf(customer) })
      .json<{ id: string; secret: string }>();
  }

  /** What was tried for a webhook from a time on, as its customer sees it. @param since RFC 3339; undefined = from the start. */
  attempts(customer: DemoCustomer, webhookId: string, since: string | undefined): AsyncGenerator<ListedAttempt[]> {
    return this.pages(customer, `webhooks/${webhookId}/attempts`, since === undefined ? {} : { since });
  }

  /** What was given up for a webhook, the newest first. */
  deadLetters(customer: DemoCustomer, webhookId: string): AsyncGenerator<ListedDeadLetter[]> {
    return this.pages(customer, `webhooks/${webhookId}/dead-letters`, {});
  }

  /** How many attempts the statistics of a webhook count. */
  async countedAttempts(customer: DemoCustomer, webhookId: string): Promise<number> {
    const { totals } = await this.http
      .get(`webhooks/${webhookId}/stats`, { headers: keyOf(customer) })
      .json<{ totals: { attempts: number } }>();
    return totals.attempts;
  }

  private async *pages<T>(
    customer: DemoCustomer,
    path: string,
    parameters: Record<string, string>,
  ): AsyncGenerator<T[]> {
    let token = '';
    do {
      const page = await this.http
        .get(path, { searchParams: { ...parameters, page_token: token }, headers: keyOf(customer) })
        .json<{ result: T[]; next_page_token: string }>();
      yield page.result;
      token = page.next_page_token;
    } while (token !== '');
  }
}

function keyOf({ token }: DemoCustomer): { authorization: string } {
  return { authorization: `Bearer ${token}` };
}
