import { describe, expect, it } from '@jest/globals';

import { SystemNames } from './system-names.ts';

describe('SystemNames', () => {
  it('knows this machine by localhost', async () => {
    expect(await new SystemNames().addressesOf('localhost')).toContain('127.0.0.1');
  });

  it('occupies two threads at most, and says when too many wait', async () => {
    const asked: Array<PromiseWithResolvers<string[]>> = [];
    const names = new SystemNames(() => {
      const question = Promise.withResolvers<string[]>();
      asked.push(question);
      return question.promise;
    });
    const answers = Array.from({ length: 101 }, (_, index) => names.addressesOf(`${index}.test`));
    await settled();
    expect([asked.length, names.isBusy]).toEqual([2, false]);
    answers.push(names.addressesOf('101.test'));
    await settled();
    expect([asked.length, names.isBusy]).toEqual([2, true]);
    for (let index = 0; index < answers.length; index += 1) {
      asked[index]!.resolve([`10.0.0.${index}`]);
      expect(await answers[index]).toEqual([`10.0.0.${index}`]);
      await settled();
    }
    expect(names.isBusy).toBe(false);
  });
});

function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
