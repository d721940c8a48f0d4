import { describe, expect, it } from '@jest/globals';

import { OptionError, readOptions, SCENARIO_NAMES } from './options.ts';

describe('the options', () => {
  it('have defaults, and charts for a full run', () => {
    expect(readOptions([])).toEqual({
      help: false,
      json: false,
      only: SCENARIO_NAMES,
      rounds: 5,
      events: 120_000,
      budgetMs: 580_000,
      charts: 'bench/results',
      capacity: undefined,
      assume: undefined,
    });
  });

  it('are read', () => {
    const given = ['--json', '--only', 'isolation, throughput', '--rounds', '2', '--events=2000', '--charts', 'x'];
    expect(readOptions(given)).toEqual({
      help: false,
      json: true,
      only: ['throughput', 'isolation'],
      rounds: 2,
      events: 2_000,
      budgetMs: Infinity,
      charts: 'x',
      capacity: undefined,
      assume: undefined,
    });
  });

  it('name a result to compute capacity from', () => {
    expect(readOptions(['--capacity', 'figures.json', '--assume', 'webhooksPerEvent=3'])).toMatchObject({
      capacity: 'figures.json',
      assume: 'webhooksPerEvent=3',
      charts: undefined,
    });
  });

  it.each(['--only=slow', '--rounds=1', '--events=1000'])('write no charts of a run with %s', (option) => {
    expect(readOptions([option]).charts).toBeUndefined();
  });

  it.each([
    [['--rounds', '0'], '--rounds must be a whole number from 1 to 50, not "0"'],
    [['--rounds', '1.5'], '--rounds must be a whole number from 1 to 50, not "1.5"'],
    [['--events', 'many'], '--events must be a whole number from 1000 to 1000000, not "many"'],
    [
      ['--only', 'speed'],
      '--only does not know "speed"; name some of throughput, fanout, slow, isolation, scaling, backlog',
    ],
    [['--only', ''], '--only does not know ""; name some of throughput, fanout, slow, isolation, scaling, backlog'],
    [['--fast'], "Unknown option '--fast'; --help lists the options"],
    [['--rounds'], "Option '--rounds <value>' argument missing; --help lists the options"],
    [['--assume', 'endpointMs=50'], '--assume has no effect without --capacity'],
    [['fast'], "Unexpected argument 'fast'; --help lists the options"],
  ])('refuse %j in one line that names the remedy', (args, message) => {
    expect(refusal(args)).toBe(message);
  });
});

function refusal(args: readonly string[]): string {
  try {
    readOptions(args);
  } catch (error) {
    if (error instanceof OptionError) return error.message;
  }
  return 'not refused';
}
