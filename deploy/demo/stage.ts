import { setTimeout as delay } from 'node:timers/promises';

import type { DemoWebhook } from './books.ts';
import { CAST } from './cast.ts';
import { createCustomer, type DemoCustomer } from './customer.ts';
import type { Endpoint } from './endpoint.ts';
import type { EventProducer } from './producer.ts';
import { type CustomerName, type Scene, story } from './story.ts';

/** The demo's customers and webhooks on apps that run, wherever they were started. */
export class Stage {
  readonly webhooks: readonly DemoWebhook[];
  private readonly customers: ReadonlyMap<CustomerName, DemoCustomer>;
  private readonly events: EventProducer;

  private constructor(
    webhooks: readonly DemoWebhook[],
    customers: ReadonlyMap<CustomerName, DemoCustomer>,
    events: EventProducer,
  ) {
    this.webhooks = webhooks;
    this.customers = customers;
    this.events = events;
  }

  /**
   * Makes the customers and registers their webhooks.
   *
   * @param given.address of the config app, for example `http://127.0.0.1:8080`
   * @param given.origin of the endpoint's URLs
   */
  static async prepare(given: {
    address: string;
    operatorKey: string;
    endpoint: Endpoint;
    origin: string;
    events: EventProducer;
  }): Promise<Stage> {
    const customers = new Map<CustomerName, DemoCustomer>();
    const webhooks: DemoWebhook[] = [];
    for (const part of CAST) {
      const customer =
        customers.get(part.customer) ?? (await createCustomer(given.address, given.operatorKey, part.customer));
      customers.set(part.customer, customer);
      const { id, secret } = await customer.api.call('createWebhook', {
        body: { url: given.origin + part.path, event_types: part.eventTypes },
      });
      given.endpoint.expectSecret(part.path, secret);
      webhooks.push({ id, part, customer });
    }
    return new Stage(webhooks, customers, given.events);
  }

  /** Tells the story once, or until `signal` is aborted. @param onEvent told of each event before it is sent. */
  async tell(signal: AbortSignal, onEvent: (id: string, scene: Scene) => void): Promise<void> {
    for (const scene of story()) {
      if (signal.aborted) return;
      await this.events.produce(scene, this.customers.get(scene.customer)?.id ?? '', (id) => onEvent(id, scene));
      await delay(scene.pauseMs);
    }
  }
}
