import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { beforeAll, describe, expect, it } from '@jest/globals';

import { type Dashboard, type Panel, queriesOf, readDashboards } from '../../support/observability/files.ts';
import { promtool } from '../../support/prometheus/programs.ts';

const FILES = ['admin-rest.json', 'deliveries.json', 'workers.json'];
const GRAFANA_COLUMNS = 24;
let dashboards: Map<string, Dashboard>;

beforeAll(async () => {
  dashboards = await readDashboards();
});

const panelsOf = (file: string): Panel[] =>
  dashboards.get(file)!.panels.filter(({ type }) => ['stat', 'timeseries'].includes(type));

/** Pairs of panels that lie on one another. */
function overlapping(panels: readonly Panel[]): string[] {
  return panels.flatMap(({ title, gridPos: a }, index) =>
    panels
      .slice(index + 1)
      .filter(({ gridPos: b }) => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h)
      .map((other) => `${title} and ${other.title}`),
  );
}

describe('the dashboards', () => {
  it('are these, each with an address that stays', () => {
    expect([...dashboards.keys()]).toEqual(FILES);
    expect([...dashboards.values()].map(({ uid }) => uid)).toEqual(
      FILES.map((file) => `webhooks-${file.slice(0, -5)}`),
    );
  });

  describe.each(FILES)('%s', (file) => {
    it('has panels and rows only, side by side on the grid, each with an id of its own', () => {
      const { panels } = dashboards.get(file)!;
      expect(panels.filter(({ type }) => !['row', 'stat', 'timeseries'].includes(type))).toEqual([]);
      expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
      expect(panels.filter(({ gridPos: { x, w } }) => x + w > GRAFANA_COLUMNS)).toEqual([]);
      expect(overlapping(panels)).toEqual([]);
    });

    it('says of each panel what it shows, in which unit, and of each line what it is', () => {
      for (const { title, description = '', fieldConfig, targets = [] } of panelsOf(file)) {
        expect({ title, length: description.length }).not.toEqual({ title, length: 0 });
        expect({ title, unit: fieldConfig?.defaults.unit }).toEqual({ title, unit: expect.stringMatching(/^\w+$/) });
        expect({ title, lines: targets.map(({ legendFormat }) => legendFormat) }).toEqual({
          title,
          lines: targets.map(() => expect.stringMatching(/./)),
        });
        expect(targets.length).toBeGreaterThan(0);
      }
    });

    it('takes its figures from the data source that is chosen', () => {
      const chosen = { type: 'prometheus', uid: '${datasource}' };
      const { templating } = dashboards.get(file)!;
      expect(templating.list).toContainEqual(expect.objectContaining({ name: 'datasource', type: 'datasource' }));
      const sources = panelsOf(file).flatMap(({ datasource, targets = [] }) => [
        datasource,
        ...targets.map((target) => target.datasource),
      ]);
      expect(sources).toEqual(sources.map(() => chosen));
    });

    it('asks what Prometheus understands', async () => {
      const asked = queriesOf(dashboards.get(file)!, '1m');
      const rules = asked.map(({ expr }, index) => ({ record: `query:${index}`, expr }));
      const folder = await mkdtemp(join(tmpdir(), 'webhook-queries-'));
      try {
        const ruleFile = join(folder, 'rules.yaml');
        await writeFile(ruleFile, JSON.stringify({ groups: [{ name: file, rules }] }));
        expect(await promtool(['check', 'rules', ruleFile])).toEqual({
          ok: true,
          text: expect.stringContaining(`${asked.length} rules found`),
        });
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    });

    it('has no variable that it does not use', () => {
      const { templating, panels } = dashboards.get(file)!;
      const text = JSON.stringify(panels);
      expect(templating.list.filter(({ name }) => !text.includes(`$${name}`) && !text.includes(`\${${name}}`))).toEqual(
        [],
      );
    });
  });
});
