import { CodedError, type Pressure } from '#libs/domain';
import { type CustomTransportStrategy, type MessageHandler, Server } from '@nestjs/microservices';
import { isObservable, lastValueFrom } from 'rxjs';

import {
  OrderedConsumer,
  type OrderedConsumerOptions,
  type RecordContext,
  type RecordOutcome,
} from '../consume/ordered-consumer.ts';
import type { KafkaRecord } from '../record.ts';

/** What the transport is told besides the handlers it finds. */
export type OrderedKafkaOptions = Omit<OrderedConsumerOptions, 'handle'> & {
  /** The `@EventPattern` whose handler gets the records of these topics. */
  readonly pattern: string;
};

/**
 * Nest transport: hands each record of some topics, in the order of the log, to the `@EventPattern` handler of one pattern and takes
 * its {@link RecordOutcome}. The handler's payload is the {@link KafkaRecord}, its context a {@link RecordContext}.
 */
export class OrderedKafkaServer extends Server<never, never> implements CustomTransportStrategy {
  private readonly consumer: OrderedConsumer;
  private readonly pattern: string;
  private handler: MessageHandler<KafkaRecord, RecordContext, RecordOutcome> | undefined;

  constructor({ pattern, ...options }: OrderedKafkaOptions) {
    super();
    this.pattern = pattern;
    this.consumer = new OrderedConsumer({ ...options, handle: (record, context) => this.dispatch(record, context) });
  }

  /** Whether the worker is a member of its consumer group. */
  ready(): boolean {
    return this.consumer.ready();
  }

  /** Committed positions of the partitions owned now. */
  committed(): ReturnType<OrderedConsumer['committed']> {
    return this.consumer.committed();
  }

  /** Why the worker takes nothing at the moment; undefined while there is room. */
  pressure(): Pressure | undefined {
    return this.consumer.pressure();
  }

  listen(callback: (error?: unknown) => void): void {
    this.handler = this.getHandlers().get(this.pattern);
    if (!this.handler) {
      callback(new CodedError('NO_HANDLER', `no @EventPattern('${this.pattern}') handler is registered`));
      return;
    }
    this.consumer.start().then(() => callback(), callback);
  }

  close(): Promise<void> {
    return this.consumer.stop();
  }

  override on(): never {
    throw new CodedError('NOT_SUPPORTED', 'this transport has no events to listen to');
  }

  override unwrap(): never {
    throw new CodedError('NOT_SUPPORTED', 'the Kafka client stays inside this transport');
  }

  private async dispatch(record: KafkaRecord, context: RecordContext): Promise<RecordOutcome> {
    const answer = await this.handler?.(record, context);
    const outcome: unknown = isObservable(answer) ? await lastValueFrom(answer) : answer;
    if (!isOutcome(outcome))
      throw new CodedError('NO_OUTCOME', `the handler of ${this.pattern} did not return an outcome`);
    return outcome;
  }
}

function isOutcome(value: unknown): value is RecordOutcome {
  return (
    typeof value === 'object' &&
    value !== null &&
    'kind' in value &&
    (value.kind === 'settled' || value.kind === 'abandoned')
  );
}
