import { describe, expect, it, jest } from '@jest/globals';
import { ConfigurationError, UnavailableError } from '#libs/domain';
import { createLogger } from '#libs/runtime';

import { Preparation } from './preparation.ts';

const logger = createLogger('test', 'silent');
const signal = new AbortController().signal;

describe('Preparation', () => {
  it('repeats a step until it works, and only then says that it is done', async () => {
    const worked = Promise.withResolvers<void>();
    let attempts = 0;
    const run = async (): Promise<void> => {
      attempts++;
      if (attempts === 1) throw new UnavailableError('kafka', 'Kafka does not answer');
      worked.resolve();
    };
    const preparation = new Preparation([{ name: 'topics', run }], logger);
    const [check] = preparation.checks();
    await expect(check?.check(signal)).rejects.toThrow('not done yet');
    preparation.start(() => worked.reject(new Error('fatal')));
    await worked.promise;
    await Promise.resolve();
    await expect(check?.check(signal)).resolves.toBeUndefined();
    expect(attempts).toBe(2);
  });

  it('gives up on a setting that no repetition mends', async () => {
    const run = jest.fn(async () => {
      throw new ConfigurationError('TOPIC_REPLICATION is larger than the number of Kafka brokers');
    });
    const fatal = await new Promise((resolve) => {
      new Preparation([{ name: 'topics', run }], logger).start(resolve);
    });
    expect(fatal).toBeInstanceOf(ConfigurationError);
    expect(run).toHaveBeenCalledTimes(1);
  });

  it('stops without another attempt', async () => {
    const failed = Promise.withResolvers<void>();
    const run = jest.fn(async () => {
      failed.resolve();
      throw new UnavailableError('kafka', 'Kafka does not answer');
    });
    const preparation = new Preparation([{ name: 'topics', run }], logger);
    preparation.start(() => undefined);
    await failed.promise;
    preparation.stop();
    expect(run).toHaveBeenCalledTimes(1);
  });
});
