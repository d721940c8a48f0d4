import { randomBytes } from 'node:crypto';

import { type Environment, readEnvironment } from '#libs/runtime';

import type { Installation, Pods } from './installation.ts';

/** What production's Secrets hold; nobody but the cluster has their values. */
const EXAMPLES = new Map([
  ['MONGODB_URI', 'mongodb://mongodb.example/webhooks'],
  ['SECRETS_KEY', randomBytes(32).toString('base64')],
  ['OPERATOR_KEY', randomBytes(24).toString('hex')],
]);

/** The variables that a pod's app gets, as the kubelet puts them together; the values of Secrets that are elsewhere are made up. */
export function variablesOf(installation: Installation, { app }: Pick<Pods, 'app'>): Map<string, string> {
  const variables = new Map<string, string>();
  for (const { configMapRef } of app.envFrom ?? []) {
    const { data } = installation.one('ConfigMap', configMapRef?.name ?? '');
    for (const [name, value] of Object.entries(data ?? {})) variables.set(name, value);
  }
  for (const { name, value, valueFrom } of app.env ?? []) {
    const secret = installation.all('Secret').find(({ metadata }) => metadata.name === valueFrom?.secretKeyRef?.name);
    const kept = secret?.data?.[valueFrom?.secretKeyRef?.key ?? ''];
    variables.set(name, value ?? (kept ? Buffer.from(kept, 'base64').toString() : (EXAMPLES.get(name) ?? 'unknown')));
  }
  return variables;
}

/**
 * What the app makes of its variables. Files are not there.
 *
 * @throws ConfigurationError as the app would
 */
export function environmentOf(installation: Installation, pods: Pick<Pods, 'app'>): Environment {
  const variables = [...variablesOf(installation, pods)].filter(([name]) => !name.endsWith('_FILE'));
  return readEnvironment(Object.fromEntries(variables));
}
