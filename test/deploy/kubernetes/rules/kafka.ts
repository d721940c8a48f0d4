import { plannedTopics, topicPlan } from '#libs/kafka';

import { environmentOf, variablesOf } from '../environment.ts';
import type { Installation } from '../installation.ts';
import type { Rule } from '../rule.ts';

const inOrder = (a: string, b: string): number => a.localeCompare(b);

/** Everything that Strimzi is to make, as the apps would make it. */
function topicProblems(installation: Installation): string[] {
  const topics = installation.all('KafkaTopic');
  const plan = topicPlan(environmentOf(installation, installation.podsOf('config')));
  const text = (name: string, partitions?: number, replicas?: number, config: object = {}): string =>
    JSON.stringify([name, partitions, replicas, ...Object.entries(config).map(String).toSorted(inOrder)]);
  const seen = topics.map(({ metadata, spec }) => text(metadata.name, spec.partitions, spec.replicas, spec.config));
  const wanted = plannedTopics(plan).map((topic) =>
    text(topic.name, topic.partitions, topic.replication, topic.config),
  );
  return [
    ...seen.filter((topic) => !wanted.includes(topic)).map((topic) => `unexpected: ${topic}`),
    ...wanted.filter((topic) => !seen.includes(topic)).map((topic) => `missing: ${topic}`),
  ];
}

/** Whether the user may do something with a topic or a group. */
function may(installation: Installation, type: string, name: string, operation: string): boolean {
  return installation
    .all('KafkaUser')
    .some(({ spec }) =>
      (spec?.authorization?.acls ?? []).some(
        ({ resource, operations }) =>
          resource.type === type &&
          (resource.patternType === 'prefix' ? name.startsWith(resource.name ?? '') : name === resource.name) &&
          operations?.some((allowed) => allowed === operation),
      ),
    );
}

/** What each topic and group is used for. */
function* uses(installation: Installation): Iterable<readonly [type: string, name: string, operation: string]> {
  const plan = topicPlan(environmentOf(installation, installation.podsOf('config')));
  for (const { name } of plannedTopics(plan)) {
    for (const operation of ['Describe', 'Read', 'Write']) yield ['topic', name, operation];
  }
  yield ['topic', plan.events.name, 'DescribeConfigs'];
  for (const { name } of [plan.replays, ...plan.retries]) yield ['topic', name, 'Delete'];
  for (const name of [plan.groups.delivery, plan.groups.retry, plan.groups.ledger, `${plan.groups.replayStem}x`]) {
    for (const operation of ['Describe', 'Read']) yield ['group', name, operation];
  }
  yield ['group', `${plan.groups.replayStem}x`, 'Delete'];
}

const hasTopics = (installation: Installation): boolean => installation.all('KafkaTopic').length > 0;

export const kafkaRules: readonly Rule[] = [
  {
    name: 'Strimzi makes the topics that the apps would make, with the same settings',
    problems: (installation) => (hasTopics(installation) ? topicProblems(installation) : []),
    broken: {
      'fewer partitions': (installation) => {
        installation.one('KafkaTopic', 'webhook-attempts').spec.partitions = 6;
      },
      'a time limit for retries': (installation) => {
        Object.assign(installation.one('KafkaTopic', 'webhook-retry-24h').spec.config!, {
          'retention.ms': '604800000',
        });
      },
      'a topic is missing': (installation) => installation.remove('KafkaTopic', 'rejected-events'),
      'a setting more': (installation) => {
        Object.assign(installation.one('KafkaTopic', 'resource-events').spec.config!, { 'segment.ms': '1000' });
      },
    },
  },
  {
    name: 'the user may do what the apps do, and no more with the topics of events',
    problems: (installation) =>
      hasTopics(installation)
        ? [
            ...[...uses(installation)]
              .filter(([type, name, operation]) => !may(installation, type, name, operation))
              .map((use) => `refused: ${use.join(' ')}`),
            ...['resource-events', 'rejected-events', 'webhook-attempts', 'webhook-dead-letters']
              .filter((name) => may(installation, 'topic', name, 'Delete') || may(installation, 'topic', name, 'Alter'))
              .map((name) => `may delete ${name}`),
          ]
        : [],
    broken: {
      'no groups': (installation) => installation.one('KafkaUser', 'webhooks').spec!.authorization!.acls.pop(),
      'no events': (installation) => installation.one('KafkaUser', 'webhooks').spec!.authorization!.acls.shift(),
      'everything may be deleted': (installation) => {
        installation.one('KafkaUser', 'webhooks').spec!.authorization!.acls[2]!.operations!.push('Delete');
      },
    },
  },
  {
    name: 'the apps are that user, by its password and over TLS',
    problems: (installation) => {
      if (!hasTopics(installation)) return [];
      return installation.pods().flatMap((pods) => {
        const variables = variablesOf(installation, pods);
        const user = installation.one('KafkaUser', 'webhooks');
        const password = pods.app.env?.find(({ name }) => name === 'KAFKA_SASL_PASSWORD')?.valueFrom?.secretKeyRef;
        const mount = pods.app.volumeMounts?.find(({ mountPath }) =>
          variables.get('KAFKA_CA_FILE')?.startsWith(`${mountPath}/`),
        );
        const volume = pods.spec.volumes?.find(({ name }) => name === mount?.name);
        const cluster = user.metadata.labels?.['strimzi.io/cluster'];
        const key = volume?.secret?.items?.find(
          ({ path }) => `${mount?.mountPath}/${path}` === variables.get('KAFKA_CA_FILE'),
        );
        return [
          ...(variables.get('KAFKA_TLS') === 'true' ? [] : ['no TLS']),
          ...(variables.get('KAFKA_SASL_MECHANISM') === user.spec?.authentication?.type ? [] : ['another mechanism']),
          ...(variables.get('KAFKA_SASL_USERNAME') === user.metadata.name ? [] : ['another user']),
          ...(password?.name === user.metadata.name && password.key === 'password' ? [] : ['no password']),
          ...(volume?.secret?.secretName === `${cluster}-cluster-ca-cert` && key?.key === 'ca.crt'
            ? []
            : ['no authority']),
        ].map((what) => `${pods.name}: ${what}`);
      });
    },
    broken: {
      'no TLS': (installation) => {
        installation.podsOf('retry').app.env!.push({ name: 'KAFKA_TLS', value: 'false' });
      },
      'another mechanism': (installation) => {
        installation.one('KafkaUser', 'webhooks').spec!.authentication = { type: 'tls' };
      },
      'another user': (installation) => {
        installation.podsOf('retry').app.env!.push({ name: 'KAFKA_SASL_USERNAME', value: 'retry' });
      },
      'no password': (installation) => {
        const { app } = installation.podsOf('prepare');
        app.env = app.env!.filter(({ name }) => name !== 'KAFKA_SASL_PASSWORD');
      },
      'no authority': (installation) => delete installation.podsOf('config').app.volumeMounts,
      'another file': (installation) => {
        installation.podsOf('ledger').spec.volumes![0]!.secret!.items![0]!.path = 'authority.crt';
      },
    },
  },
];
