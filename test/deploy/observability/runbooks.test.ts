import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { beforeAll, describe, expect, it } from '@jest/globals';

import { root } from '../../../deploy/local/places.ts';
import { type Alert, readAlerts } from '../../support/observability/files.ts';

const RUNBOOKS = join(root, 'docs', 'runbooks');
const INDEX = 'README.md';
const SECTIONS = ['What it means', 'Look first', 'Likely causes', 'What to do', 'It is over when'];

let alerts: Alert[];
let pages: Map<string, string>;

beforeAll(async () => {
  alerts = await readAlerts();
  const names = await readdir(RUNBOOKS);
  const read = async (name: string): Promise<[string, string]> => [name, await readFile(join(RUNBOOKS, name), 'utf8')];
  pages = new Map(await Promise.all(names.map(read)));
});

/** `WebhooksAppDown` has the page `app-down.md`. */
const pageOf = (alert: string): string =>
  `${alert
    .replace('Webhooks', '')
    .replaceAll(/(?<!^)[A-Z]/g, '-$&')
    .toLowerCase()}.md`;

/** The anchors of a page, as GitHub makes them. */
const anchorsOf = (text: string): string[] =>
  [...text.matchAll(/^#+ (.+)$/gm)].map(([, title]) =>
    title!
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );

/** Links of a page that lead nowhere. */
async function deadLinks(page: string, text: string): Promise<string[]> {
  const targets = [...text.matchAll(/\]\(([^)]+)\)/g)].map(([, target]) => target!);
  const dead = await Promise.all(
    targets.map(async (target) => {
      if (/^https?:/.test(target)) return [];
      const [path = '', anchor] = target.split('#');
      const file = path === '' ? page : join(dirname(page), path);
      if (!existsSync(file)) return [target];
      return anchor === undefined || anchorsOf(await readFile(file, 'utf8')).includes(anchor) ? [] : [target];
    }),
  );
  return dead.flat();
}

describe('the runbooks', () => {
  it('are one for each alert, where the alert says', () => {
    const wanted = alerts.map(({ alert }) => pageOf(alert));
    expect([...pages.keys()].toSorted()).toEqual([...wanted, INDEX].toSorted());
    expect(alerts.map(({ annotations }) => annotations['runbook_url'])).toEqual(
      wanted.map((page) => `docs/runbooks/${page}`),
    );
  });

  it('have the same sections, under the name of the alert', () => {
    for (const { alert } of alerts) {
      const titles = [...pages.get(pageOf(alert))!.matchAll(/^##? (.+)$/gm)].map(([, title]) => title);
      expect(titles).toEqual([alert, ...SECTIONS]);
    }
  });

  it('are all in the index, with their severity', () => {
    const rows = [...pages.get(INDEX)!.matchAll(/^\| \[(\w+)\]\((\S+)\)\s*\| (\w+)\s*\|/gm)].map(
      ([, ...cells]) => cells,
    );
    expect(rows).toEqual(alerts.map(({ alert, labels }) => [alert, pageOf(alert), labels['severity']]));
  });

  it('lead to what is there', async () => {
    const dead = await Promise.all([...pages].map(([name, text]) => deadLinks(join(RUNBOOKS, name), text)));
    expect(dead.flat()).toEqual([]);
  });
});
