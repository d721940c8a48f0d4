import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';

import { root } from '../../../deploy/local/places.ts';
import { OBSERVABILITY } from '../../support/observability/files.ts';
import { COMPOSE_FILE, type ComposeFile, composeFile, type Mount, type Service } from './compose-file.ts';

const APP_PORTS = { config: 8080, delivery: 8081, retry: 8082, ledger: 8083 };
const WATCHERS = ['prometheus', 'grafana', 'collector'];

let file: ComposeFile;

beforeAll(async () => {
  file = await composeFile(COMPOSE_FILE, { SECRETS_KEY: 'any', OPERATOR_KEY: 'any' });
});

const mountsOf = ({ volumes = [] }: Service): Mount[] => volumes.filter(({ type }) => type === 'bind');

/** Where a path of a container is in the checkout. */
function inCheckout(name: string, path: string): string {
  const mount = mountsOf(file.services[name]!).find(({ target }) => path === target || path.startsWith(`${target}/`));
  if (!mount) throw new Error(`${name} has no ${path}`);
  return mount.source + path.slice(mount.target.length);
}

/** The value of an option on a service's command line. */
function option(name: string, flag: string): string {
  const given = file.services[name]!.command!.find((text) => text.startsWith(`${flag}=`));
  if (given === undefined) throw new Error(`${name} is started without ${flag}`);
  return given.slice(flag.length + 1);
}

const read = async (path: string): Promise<unknown> => parse(await readFile(path, 'utf8'));

describe('what watches the apps in deploy/compose.yaml', () => {
  it('is always started, without a right that it does not need', () => {
    for (const name of WATCHERS) {
      const { profiles, cap_drop, security_opt } = file.services[name]!;
      expect({ name, profiles, cap_drop, security_opt }).toEqual({
        name,
        profiles: undefined,
        cap_drop: ['ALL'],
        security_opt: ['no-new-privileges:true'],
      });
    }
  });

  it('reads folders of the checkout, and writes to none', () => {
    const mounts = Object.values(file.services).flatMap(mountsOf);
    expect(mounts.length).toBeGreaterThan(0);
    expect(mounts.filter(({ read_only }) => read_only !== true)).toEqual([]);
    expect(mounts.filter(({ source }) => !source.startsWith(join(root, 'deploy')) || !existsSync(source))).toEqual([]);
  });

  it('scrapes every app at the port of its probes', async () => {
    const path = inCheckout('prometheus', option('prometheus', '--config.file'));
    expect(path).toBe(join(OBSERVABILITY, 'prometheus.yaml'));
    expect(await read(path)).toMatchObject({
      scrape_configs: Object.entries(APP_PORTS).map(([app, port]) => ({
        job_name: app,
        dns_sd_configs: [{ names: [app], type: 'A', port }],
      })),
    });
    for (const app of Object.keys(APP_PORTS)) {
      const set = Object.keys(file.services[app]!.environment ?? {});
      expect(set.filter((key) => ['HTTP_PORT', 'HEALTH_PORT'].includes(key))).toEqual([]);
    }
  });

  it('keeps figures and settings in volumes', () => {
    const kept = { type: 'volume', target: option('prometheus', '--storage.tsdb.path') };
    expect(file.services['prometheus']!.volumes).toContainEqual(expect.objectContaining(kept));
    expect(file.services['grafana']!.volumes).toContainEqual(
      expect.objectContaining({ type: 'volume', target: '/var/lib/grafana' }),
    );
  });

  it('shows the dashboards of the checkout, with the figures of that Prometheus', async () => {
    const sources = inCheckout('grafana', '/etc/grafana/provisioning/datasources/prometheus.yaml');
    expect(await read(sources)).toMatchObject({ datasources: [{ type: 'prometheus', url: 'http://prometheus:9090' }] });
    const providers = Object(await read(inCheckout('grafana', '/etc/grafana/provisioning/dashboards/webhooks.yaml')));
    expect(inCheckout('grafana', providers.providers[0].options.path)).toBe(join(OBSERVABILITY, 'dashboards'));
  });

  it('knows the interval at which Prometheus asks', async () => {
    const [prometheus, sources] = await Promise.all([
      read(join(OBSERVABILITY, 'prometheus.yaml')),
      read(join(OBSERVABILITY, 'grafana/datasources/prometheus.yaml')),
    ]);
    expect(Object(sources).datasources[0].jsonData.timeInterval).toBe(Object(prometheus).global.scrape_interval);
  });

  it('lets everybody on this machine look, and nobody log in: there is no password', () => {
    const environment = file.services['grafana']!.environment ?? {};
    expect(environment).toMatchObject({
      GF_AUTH_ANONYMOUS_ENABLED: 'true',
      GF_AUTH_ANONYMOUS_ORG_ROLE: 'Viewer',
      GF_AUTH_BASIC_ENABLED: 'false',
      GF_AUTH_DISABLE_LOGIN_FORM: 'true',
      GF_SECURITY_DISABLE_INITIAL_ADMIN_CREATION: 'true',
    });
    expect(Object.keys(environment).filter((key) => /PASSWORD|SECRET|TOKEN/.test(key))).toEqual([]);
  });

  it('takes traces, and does with them what exists', async () => {
    const path = inCheckout('collector', option('collector', '--config'));
    const collector = Object(await read(path));
    expect(collector.receivers.otlp.protocols.http.endpoint).toBe('0.0.0.0:4318');
    for (const pipeline of Object.values<Record<string, string[]>>(collector.service.pipelines)) {
      for (const [kind, names] of Object.entries(pipeline)) {
        expect(Object.keys(collector[kind])).toEqual(expect.arrayContaining(names));
      }
    }
  });
});
