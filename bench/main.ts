import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inspect } from 'node:util';

import { CodedError } from '#libs/domain';

import { endEverything } from '../deploy/local/leash.ts';
import { GuaranteeBook } from './measure/guarantees.ts';
import { type BenchOptions, readOptions } from './options.ts';
import { chartsOf } from './report/charts.ts';
import { asJson } from './report/json.ts';
import { reporter } from './report/reporter.ts';
import { type BenchResult, thisMachine } from './report/result.ts';
import { asTables } from './report/tables.ts';
import { countSteps, Scenarios } from './scenarios/all.ts';
import { selfTest } from './scenarios/self-test.ts';
import { Lab } from './stack/lab.ts';

const INTERRUPTED = 130;

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => void endEverything().then(() => process.exit(INTERRUPTED)));
}

const options = readOptions(process.argv.slice(2));
try {
  const result = await measure(options);
  const { lost, duplicates, orderViolations, astray } = result.guarantees;
  if (options.charts !== undefined) await writeCharts(options.charts, result);
  if (options.json) process.stdout.write(`${JSON.stringify(asJson(result))}\n`);
  const tables = `\n${asTables(result, process.stderr.isTTY)}\n`;
  if (options.json) process.stderr.write(tables);
  else process.stdout.write(tables);
  process.exitCode = lost + duplicates + orderViolations + astray === 0 ? 0 : 1;
} catch (error) {
  process.stderr.write(`bench: ${error instanceof CodedError ? error.message : inspect(error)}\n`);
  process.exitCode = 1;
  await endEverything();
  process.exit();
}

async function measure({ only, rounds, events, budgetMs }: BenchOptions): Promise<BenchResult> {
  const startedAgo = Number(process.env['BENCH_STARTED_MS_AGO'] ?? 0);
  const show = reporter(countSteps(options));
  const lab = await Lab.open(process.env);
  const receiver = await selfTest(lab.receiver, show);
  const scenarios = new Scenarios(lab, only);
  const webhooks = scenarios.webhooks();
  show.step(`putting ${webhooks.length.toLocaleString('en')} webhooks into the store`);
  await lab.seed(webhooks);
  const guarantees = new GuaranteeBook();
  const figures = await scenarios.run({
    lab,
    reporter: show,
    guarantees,
    rounds,
    events,
    endBy: budgetMs - startedAgo,
  });
  await lab.close();
  show.close();
  return {
    machine: thisMachine(),
    receiver,
    ...figures,
    guarantees: guarantees.total(),
    seconds: (startedAgo + performance.now()) / 1_000,
  };
}

/** Charts, and the figures behind them. */
async function writeCharts(folder: string, result: BenchResult): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [name, chart] of chartsOf(result)) await writeFile(join(folder, name), chart);
  await writeFile(join(folder, 'figures.json'), `${JSON.stringify(asJson(result), null, 2)}\n`);
}
