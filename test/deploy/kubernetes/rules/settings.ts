import { SETTINGS } from '#libs/runtime';

import { environmentOf, variablesOf } from '../environment.ts';
import type { Installation, Pods } from '../installation.ts';
import type { Rule } from '../rule.ts';

const SECRET = ['MONGODB_URI', 'SECRETS_KEY', 'OPERATOR_KEY', 'KAFKA_SASL_PASSWORD'];
const STEP = 'webhooks.voipbin.net/step';

/** Secrets that docs/kubernetes.md has the operator, or Strimzi, make. */
const ELSEWHERE = ['webhooks-secrets', 'webhooks', 'kafka-cluster-ca-cert'];

function secretsOf({ spec, app }: Pods): string[] {
  return [
    ...(app.env ?? []).flatMap(({ valueFrom }) => valueFrom?.secretKeyRef?.name ?? []),
    ...(app.envFrom ?? []).flatMap(({ secretRef }) => secretRef?.name ?? []),
    ...(spec.volumes ?? []).flatMap(({ secret }) => secret?.secretName ?? []),
  ];
}

function refusal(installation: Installation, pods: Pods): string[] {
  try {
    environmentOf(installation, pods);
    return [];
  } catch (error) {
    return [String(error)];
  }
}

const breakApp = (name: string, change: (app: Pods['app']) => void) => (installation: Installation) =>
  change(installation.podsOf(name).app);

export const settingsRules: readonly Rule[] = [
  {
    name: 'every variable is one that the apps know, with a value that they take',
    problems: (installation) =>
      installation
        .pods()
        .flatMap((pods) => [
          ...[...variablesOf(installation, pods).keys()]
            .filter((name) => !SETTINGS.includes(name))
            .map((name) => `${pods.name}: nobody reads ${name}`),
          ...refusal(installation, pods),
        ]),
    broken: {
      'a name that nobody reads': breakApp('config', (app) => app.env!.push({ name: 'HTTP_PROT', value: '8080' })),
      'a value that is refused': breakApp('ledger', (app) => app.env!.push({ name: 'LOG_LEVEL', value: 'loud' })),
      'no key': breakApp('retry', (app) => {
        app.env = app.env!.filter(({ name }) => name !== 'SECRETS_KEY');
      }),
    },
  },
  {
    name: 'secrets come from Secrets alone',
    problems: (installation) => [
      ...installation
        .all('ConfigMap')
        .flatMap(({ data = {} }) => SECRET.filter((name) => name in data).map((name) => `${name} in a ConfigMap`)),
      ...installation
        .pods()
        .flatMap(({ name: pod, app }) =>
          (app.env ?? [])
            .filter(({ name, value }) => SECRET.includes(name) && value !== undefined)
            .map(({ name }) => `${pod}: ${name} is written down`),
        ),
    ],
    broken: {
      'a key in the settings': (installation) => {
        installation.all('ConfigMap').find(({ metadata }) => metadata.name.startsWith('webhooks-settings'))!.data![
          'OPERATOR_KEY'
        ] = 'x'.repeat(16);
      },
      'an address with a password in the manifest': breakApp('config', (app) =>
        app.env!.push({ name: 'MONGODB_URI', value: 'mongodb://user:password@mongodb/webhooks' }),
      ),
    },
  },
  {
    name: 'only config has the operator key',
    problems: (installation) =>
      installation
        .pods()
        .filter((pods) => variablesOf(installation, pods).has('OPERATOR_KEY') !== (pods.name === 'config'))
        .map(({ name }) => name),
    broken: {
      'a worker has it': breakApp('delivery', (app) =>
        app.env!.push({
          name: 'OPERATOR_KEY',
          valueFrom: { secretKeyRef: { name: 'webhooks-secrets', key: 'OPERATOR_KEY' } },
        }),
      ),
      'config lacks it': breakApp('config', (app) => {
        app.env = app.env!.filter(({ name }) => name !== 'OPERATOR_KEY');
      }),
    },
  },
  {
    name: 'every Secret is made here, or is one that the guide has made before',
    problems: (installation) => {
      const made = new Set([...ELSEWHERE, ...installation.all('Secret').map(({ metadata }) => metadata.name)]);
      return installation
        .pods()
        .flatMap((pods) => secretsOf(pods).flatMap((secret) => (made.has(secret) ? [] : [`${pods.name}: ${secret}`])));
    },
    broken: {
      'another Secret': breakApp('ledger', (app) => (app.envFrom = [{ secretRef: { name: 'ledger-secrets' } }])),
    },
  },
  {
    name: 'Deployments, and nothing else, wait until everything is prepared',
    problems: (installation) =>
      installation.objects.flatMap(({ kind, metadata }) =>
        (metadata.labels?.[STEP] === 'rollout') === (kind === 'Deployment') ? [] : [`${kind} ${metadata.name}`],
      ),
    broken: {
      'an app that does not wait': (installation) => {
        delete installation.one('Deployment', 'ledger').metadata.labels![STEP];
      },
      'settings that wait': (installation) => {
        installation.all('ConfigMap')[0]!.metadata.labels = { [STEP]: 'rollout' };
      },
    },
  },
];
