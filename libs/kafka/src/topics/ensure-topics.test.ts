import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { ConfigurationError, RetrySchedule } from '#libs/domain';
import { createLogger } from '#libs/runtime';

import { ensureTopics, type TopicClient } from './ensure-topics.ts';
import { plannedTopics, topicPlan } from './topic-plan.ts';

const plan = topicPlan({
  TOPIC_PREFIX: '',
  TOPIC_PARTITIONS: 6,
  TOPIC_REPLICATION: 1,
  TOPIC_MIN_INSYNC_REPLICAS: 1,
  EVENT_RETENTION: 604_800_000,
  EVENT_MAX_BYTES: 1_048_576,
  ATTEMPT_RETENTION: 604_800_000,
  RETRY_SCHEDULE: RetrySchedule.parse('5s'),
});
const NAMES = plannedTopics(plan).map(({ name }) => name);
const logger = createLogger('test', 'silent');

/** As the client reports them: one error a topic, in one that holds them all, or a single one. */
const failure = (...types: string[]): Error => {
  const [first, ...others] = types.map((type) => Object.assign(new Error(type), { type }));
  return first && others.length === 0 ? first : Object.assign(new Error('topics'), { errors: [first, ...others] });
};

/** A broker that answers the requests to create topics with these errors, one each, and then creates them. */
class Broker implements TopicClient {
  readonly asked: string[][] = [];
  readonly topics = new Set<string>();
  /** What requests for offsets fail with, one each. */
  readonly unled: Error[] = [];
  looks = 0;
  connections = 0;
  private readonly failures: Array<Error & { created?: readonly string[] }>;

  constructor(failures: Array<Error & { created?: readonly string[] }> = []) {
    this.failures = failures;
  }

  admin(): ReturnType<TopicClient['admin']> {
    return {
      connect: async () => void (this.connections += 1),
      disconnect: async () => void (this.connections -= 1),
      listTopics: () => Promise.resolve([...this.topics]),
      createTopics: ({ topics }) => {
        const names = topics.map(({ topic }) => topic);
        this.asked.push(names);
        const failed = this.failures.shift();
        for (const name of failed ? (failed.created ?? []) : names) this.topics.add(name);
        return failed ? Promise.reject(failed) : Promise.resolve(true);
      },
      fetchTopicOffsets: () => {
        this.looks += 1;
        const failed = this.unled.shift();
        return failed ? Promise.reject(failed) : Promise.resolve([]);
      },
    };
  }
}

describe('ensureTopics', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  async function ensured(broker: Broker): Promise<unknown> {
    const ended = ensureTopics(broker, plan, logger).catch((error: unknown) => error);
    await jest.runAllTimersAsync();
    expect(broker.connections).toBe(0);
    return ended;
  }

  it('creates what is missing, and nothing else', async () => {
    const broker = new Broker();
    broker.topics.add(NAMES[0] ?? '');
    await ensured(broker);
    expect(broker.asked).toEqual([NAMES.slice(1)]);
    await ensured(broker);
    expect(broker.asked).toHaveLength(1);
  });

  it('asks again while a busy broker does not know the topics that it has just taken on, for those still missing', async () => {
    const [taken = ''] = NAMES;
    const notYet = Object.assign(failure('UNKNOWN_TOPIC_OR_PARTITION'), { created: [taken] });
    const broker = new Broker([notYet, failure('TOPIC_ALREADY_EXISTS', 'UNKNOWN_TOPIC_OR_PARTITION')]);
    expect(await ensured(broker)).toBeUndefined();
    expect(broker.asked).toEqual([NAMES, NAMES.slice(1), NAMES.slice(1)]);
    expect([...broker.topics].toSorted()).toEqual(NAMES.toSorted());
  });

  it('gives up after twenty looks', async () => {
    const broker = new Broker(Array.from({ length: 30 }, () => failure('UNKNOWN_TOPIC_OR_PARTITION')));
    expect(await ensured(broker)).toMatchObject({ code: 'UNAVAILABLE' });
    expect(broker.asked).toHaveLength(20);
  });

  it('takes topics that another process has created meanwhile for created', async () => {
    const broker = new Broker([failure('TOPIC_ALREADY_EXISTS', 'TOPIC_ALREADY_EXISTS')]);
    expect(await ensured(broker)).toBeUndefined();
    expect(broker.asked).toHaveLength(1);
  });

  it('names the variable when there are too few brokers, and does not ask again', async () => {
    const broker = new Broker([failure('INVALID_REPLICATION_FACTOR')]);
    const error = await ensured(broker);
    expect(error).toBeInstanceOf(ConfigurationError);
    expect(error).toMatchObject({ message: expect.stringContaining('TOPIC_REPLICATION') });
    expect(broker.asked).toHaveLength(1);
  });

  it.each([['NOT_LEADER_FOR_PARTITION'], ['LEADER_NOT_AVAILABLE']])(
    'looks at a topic again while its leader answers %s',
    async (type) => {
      const broker = new Broker();
      broker.unled.push(failure(type), failure(type));
      expect(await ensured(broker)).toBeUndefined();
      expect(broker.looks).toBe(NAMES.length + 2);
    },
  );

  it('goes on without leaders after twenty looks, and at once without the right to look', async () => {
    const broker = new Broker();
    broker.unled.push(...Array.from({ length: 100 }, () => failure('NOT_LEADER_FOR_PARTITION')));
    expect(await ensured(broker)).toBeUndefined();
    expect(broker.looks).toBe(20);
    const strict = new Broker();
    strict.unled.push(...NAMES.map(() => failure('TOPIC_AUTHORIZATION_FAILED')));
    expect(await ensured(strict)).toBeUndefined();
    expect(strict.looks).toBe(NAMES.length);
  });

  it('says so when Kafka goes away while it looks', async () => {
    const broker = new Broker();
    broker.unled.push(new Error('Connection timeout'));
    expect(await ensured(broker)).toMatchObject({ message: 'Kafka does not answer: Connection timeout' });
  });

  it('does not ask again after any other failure', async () => {
    const broker = new Broker([failure('POLICY_VIOLATION')]);
    expect(await ensured(broker)).toMatchObject({ message: 'Kafka does not answer: POLICY_VIOLATION' });
    expect(broker.asked).toHaveLength(1);
  });
});
