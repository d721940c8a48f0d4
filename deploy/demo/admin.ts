import got, { type Got } from 'got';

/** A customer with a key of its own, made through the admin REST. */
export interface DemoCustomer {
  readonly id: string;
  readonly token: string;
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
      .post('webhooks', {
        json: { url, event_types: eventTypes },
        headers: { authorization: `Bearer ${customer.token}` },
      })
      .json<{ id: string; secret: string }>();
  }
}
