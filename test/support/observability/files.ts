import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { parse } from 'yaml';

import { root } from '../../../deploy/local/places.ts';

export const OBSERVABILITY = join(root, 'deploy', 'observability');
export const ALERTS_FILE = join(OBSERVABILITY, 'alerts.yaml');
export const DASHBOARDS = join(OBSERVABILITY, 'dashboards');

/** One alert of alerts.yaml. */
export interface Alert {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** One query of a panel. */
export interface Target {
  readonly refId: string;
  readonly expr: string;
  readonly legendFormat?: string;
  readonly datasource?: DataSource;
}

interface DataSource {
  readonly type: string;
  readonly uid: string;
}

/** A panel, or the row above some. */
export interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly datasource?: DataSource;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly fieldConfig?: { readonly defaults: { readonly unit?: string } };
  readonly targets?: readonly Target[];
}

/** A variable of a dashboard. */
export interface Variable {
  readonly name: string;
  readonly type: string;
  readonly query: string | { readonly query: string };
  readonly allValue?: string;
}

/** What of Grafana's model the tests look at. */
export interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly schemaVersion: number;
  readonly templating: { readonly list: readonly Variable[] };
  readonly panels: readonly Panel[];
}

/** The alerts, in the order of the file. */
export async function readAlerts(): Promise<Alert[]> {
  const file: { groups: ReadonlyArray<{ rules: Alert[] }> } = parse(await readFile(ALERTS_FILE, 'utf8'));
  return file.groups.flatMap(({ rules }) => rules);
}

/** The dashboards by the names of their files. */
export async function readDashboards(): Promise<Map<string, Dashboard>> {
  const names = (await readdir(DASHBOARDS)).filter((name) => name.endsWith('.json'));
  const read = async (name: string): Promise<[string, Dashboard]> => [
    name,
    JSON.parse(await readFile(join(DASHBOARDS, name), 'utf8')),
  ];
  return new Map(await Promise.all(names.toSorted().map(read)));
}

/** One query of a dashboard as Prometheus gets it. */
export interface Query {
  /** Dashboard, panel and target. */
  readonly where: string;
  readonly expr: string;
}

/** Every query of a dashboard, with everything chosen in its variables. @param rateInterval what Grafana makes of the scrape interval */
export function queriesOf({ title, panels, templating }: Dashboard, rateInterval: string): Query[] {
  const values = templating.list.map(({ name, allValue }): [string, string] => [`$${name}`, allValue ?? '']);
  return panels.flatMap((panel) =>
    (panel.targets ?? []).map(({ refId, expr }) => ({
      where: `${title} / ${panel.title} / ${refId}`,
      expr: [['$__rate_interval', rateInterval] as const, ...values].reduce(
        (text, [variable, value]) => text.replaceAll(variable, value),
        expr,
      ),
    })),
  );
}
