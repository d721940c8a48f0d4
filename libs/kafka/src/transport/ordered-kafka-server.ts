import { CodedError, type Pressure } from '#libs/domain';
import { type CustomTransportStrategy, type MessageHandler, Server } from '@nestjs/microservices';
import { isObservable, lastValueFrom } from 'rxjs';

import type { RecordContext, RecordOutcomes } from '../consume/hand-over.ts';
import { OrderedConsumer, type OrderedConsumerOptions } from '../consume/ordered-consumer.ts';
import type { KafkaRecord } from '../record.ts';

/** What the transport is told besides the handlers it finds. */
export type OrderedKafkaOptions = Omit<OrderedConsumerOptions, 'handle'> & {
  /** The `@EventPattern` whose handler gets the records of these topics. */
  readonly pattern: string;
};

/**
 * Nest transport: hands the records of some topics, in the order of the log and some at a time, to the `@EventPattern` handler of one
 * pattern. The handler's payload is an array of {@link KafkaRecord}, its context a {@link RecordContext}; it returns one promise of
 * a {@link RecordOutcome} for each record. Some at a time, since the framework's way to a handler costs more than a record may.
 */
export class OrderedKafkaServer extends Server<never, never> implements CustomTransportStrategy {
  private readonly consumer: OrderedConsumer;
  private readonly pattern: string;
  private handler: MessageHandler<readonly KafkaRecord[], RecordContext, RecordOutcomes> | undefined;

  constructor({ pattern, ...options }: OrderedKafkaOptions) {
    super();
    this.pattern = pattern;
    this.consumer = new OrderedConsumer({ ...options, handle: (records, context) => this.dispatch(records, context) });
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

  private async dispatch(records: readonly KafkaRecord[], context: RecordContext): Promise<RecordOutcomes> {
    const answer = await this.handler?.(records, context);
    const outcomes: unknown = isObservable(answer) ? await lastValueFrom(answer) : answer;
    if (!areOutcomes(outcomes) || outcomes.length !== records.length) {
      throw new CodedError('NO_OUTCOME', `the handler of ${this.pattern} did not return one promise for each record`);
    }
    return outcomes;
  }
}

function areOutcomes(value: unknown): value is RecordOutcomes {
  return Array.isArray(value) && value.every((one) => one instanceof Promise);
}
