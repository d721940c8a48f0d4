import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { beforeAll, describe, expect, it } from '@jest/globals';
import { readEnvironment } from '#libs/runtime';
import { parse } from 'yaml';

import { type Alert, ALERTS_FILE, OBSERVABILITY, readAlerts } from '../../support/observability/files.ts';
import { promtool } from '../../support/prometheus/programs.ts';
import { selectorsOf } from '../../support/prometheus/promql.ts';

const RULE_TESTS = join(import.meta.dirname, 'alerts.yaml');

/** One case of alerts.yaml beside this file. */
interface RuleTest {
  readonly name: string;
  readonly promql_expr_test: ReadonlyArray<{
    readonly expr: string;
    readonly exp_samples: ReadonlyArray<{ readonly labels: string }>;
  }>;
}

let alerts: Alert[];
let cases: RuleTest[];

beforeAll(async () => {
  alerts = await readAlerts();
  cases = parse(await readFile(RULE_TESTS, 'utf8')).tests;
});

/** Label sets of an alert that its cases expect, one list for each case. */
const expectedOf = (alert: string): string[][] =>
  cases
    .flatMap(({ promql_expr_test: asked }) => asked)
    .filter(({ expr }) => expr === `ALERTS{alertname="${alert}", alertstate="firing"}`)
    .map(({ exp_samples: expected }) => expected.map(({ labels }) => labels));

describe('deploy/observability', () => {
  it.each([
    ['prometheus.yaml', ['check', 'config', join(OBSERVABILITY, 'prometheus.yaml')]],
    ['alerts.yaml', ['check', 'rules', '--lint=all', '--lint-fatal', ALERTS_FILE]],
  ])('%s is what Prometheus takes', async (_, args) => {
    expect(await promtool(args)).toEqual({ ok: true, text: expect.stringContaining('SUCCESS') });
  });

  it('each alert fires when it should, and not when it should not', async () => {
    expect(await promtool(['test', 'rules', RULE_TESTS])).toEqual({
      ok: true,
      text: expect.stringContaining('SUCCESS'),
    });
  });
});

describe('alerts.yaml', () => {
  it('has no alert that is not seen to fire and not to fire', () => {
    const unseen = alerts.filter(({ alert }) => {
      const expected = expectedOf(alert);
      return !expected.some((labels) => labels.length > 0) || !expected.some((labels) => labels.length === 0);
    });
    expect(unseen).toEqual([]);
    expect(cases.filter(({ promql_expr_test: asked }) => asked.length !== 1)).toEqual([]);
  });

  it('names each alert once, with who is to be woken and what for', () => {
    expect(new Set(alerts.map(({ alert }) => alert)).size).toBe(alerts.length);
    for (const { alert, labels, annotations } of alerts) {
      expect(alert).toMatch(/^Webhooks[A-Z][A-Za-z]+$/);
      expect(['page', 'ticket']).toContain(labels['severity']);
      expect(Object.keys(annotations).toSorted()).toEqual(['description', 'runbook_url', 'summary']);
    }
  });

  it('tells of labels only that the alert has', () => {
    for (const { alert, annotations } of alerts) {
      const told = Object.values(annotations).flatMap((text) => [...text.matchAll(/\$labels\.(\w+)/g)]);
      for (const [, label] of told) {
        for (const firing of expectedOf(alert).flat()) {
          expect({ alert, firing }).toEqual({ alert, firing: expect.stringMatching(new RegExp(`\\b${label}="`)) });
        }
      }
    }
  });

  it('watches every tier of the schedule that there is without a setting, no later than 5 minutes after its time', () => {
    const overdue = alerts.find(({ alert }) => alert === 'WebhooksRetriesOverdue')!;
    const limits = overdue.expr.split(/\bor\b/).map((part) => {
      const [selector] = selectorsOf(part);
      const [, sum = ''] = part.split('> ');
      const seconds = sum.split('+').reduce((total, term) => total + Number(term), 0);
      return [/webhook-retry-(\w+)"/.exec(selector!.text)?.[1], seconds];
    });
    const { RETRY_SCHEDULE: schedule } = readEnvironment({
      KAFKA_BROKERS: 'kafka:9092',
      SCHEMA_REGISTRY_URL: 'http://registry',
      MONGODB_URI: 'mongodb://mongodb',
      SECRETS_KEY: Buffer.alloc(32).toString('base64'),
    });
    const latest = (delayMs: number): number => (delayMs + Math.min(delayMs / 10, 5_000)) / 1_000 + 300;
    expect(limits).toEqual(schedule.tiers.map(({ name, delayMs }) => [name, latest(delayMs)]));
  });
});
