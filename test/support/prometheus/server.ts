import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import got, { type Got } from 'got';
import { parse } from 'yaml';

import { leash, type Leashed } from '../../../deploy/local/leash.ts';
import { freePort } from '../../../deploy/local/ports.ts';
import { ALERTS_FILE, OBSERVABILITY } from '../observability/files.ts';
import { eventually } from '../world/eventually.ts';
import { prometheusPrograms } from './programs.ts';

/** One series of an answer, with its value now. */
export interface Series {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: number;
}

/** What Prometheus makes of one of its rules. */
export interface RuleState {
  readonly name: string;
  readonly health: string;
  readonly lastError?: string;
}

/** What it scrapes: addresses such as `http://127.0.0.1:8081`, by job. */
export type Targets = Readonly<Record<string, readonly string[]>>;

const EVERY = '1s';

/** A real Prometheus with the alerts of the checkout and its scrape configuration, but for where the apps are and how often it asks. */
export class Prometheus {
  private readonly process: Leashed;
  private readonly folder: string;
  private readonly http: Got;

  private constructor(process: Leashed, folder: string, address: string) {
    this.process = process;
    this.folder = folder;
    this.http = got.extend({ prefixUrl: address, responseType: 'json', retry: { limit: 0 } });
  }

  /** Resolves when it is ready. It ends with this process, however that ends. */
  static async start(targets: Targets): Promise<Prometheus> {
    const [{ prometheus }, folder, port] = await Promise.all([
      prometheusPrograms(),
      mkdtemp(join(tmpdir(), 'webhook-prometheus-')),
      freePort(),
    ]);
    const file = join(folder, 'prometheus.json');
    await writeFile(file, JSON.stringify(await configuration(targets)));
    const server = await leash({
      command: prometheus,
      args: [
        `--config.file=${file}`,
        `--storage.tsdb.path=${join(folder, 'data')}`,
        `--web.listen-address=127.0.0.1:${port}`,
        '--log.level=error',
      ],
      output: 'inherit',
    });
    const started = new Prometheus(server, folder, `http://127.0.0.1:${port}`);
    await eventually(
      () => started.isReady(),
      (ready) => ready,
    );
    return started;
  }

  /** @throws Error when it has ended. */
  private async isReady(): Promise<boolean> {
    if (!this.process.running()) throw new Error('Prometheus ended at its start');
    return this.http.get('-/ready', { responseType: 'text' }).then(
      () => true,
      () => false,
    );
  }

  /** The answer to a query now. @throws HTTPError when it is none */
  async query(query: string): Promise<Series[]> {
    const { data } = await this.http
      .post('api/v1/query', { form: { query } })
      .json<{ data: { result: ReadonlyArray<{ metric: Record<string, string>; value: [number, string] }> } }>();
    return data.result.map(({ metric, value: [, value] }) => ({ metric, value: Number(value) }));
  }

  /** Its rules; `health` is `unknown` until it has evaluated them. */
  async rules(): Promise<RuleState[]> {
    const { data } = await this.http
      .get('api/v1/rules')
      .json<{ data: { groups: ReadonlyArray<{ rules: RuleState[] }> } }>();
    return data.groups.flatMap(({ rules }) => rules);
  }

  async stop(): Promise<void> {
    await this.process.stop();
    await rm(this.folder, { recursive: true, force: true });
  }
}

async function configuration(targets: Targets): Promise<object> {
  const given: { scrape_configs: ReadonlyArray<{ job_name: string }> } = parse(
    await readFile(join(OBSERVABILITY, 'prometheus.yaml'), 'utf8'),
  );
  return {
    ...given,
    global: { scrape_interval: EVERY, scrape_timeout: EVERY, evaluation_interval: EVERY },
    rule_files: [ALERTS_FILE],
    scrape_configs: given.scrape_configs.map(({ job_name }) => ({
      job_name,
      static_configs: [{ targets: (targets[job_name] ?? []).map((address) => new URL(address).host) }],
    })),
  };
}
