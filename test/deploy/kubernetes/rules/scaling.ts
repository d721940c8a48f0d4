import { topicPlan, type TopicSpec } from '#libs/kafka';

import { environmentOf, variablesOf } from '../environment.ts';
import type { Installation } from '../installation.ts';
import type { Rule } from '../rule.ts';

interface Scaled {
  readonly name: string;
  readonly group: string;
  /** What the group reads, and how long its records wait before they are sent, in milliseconds. */
  readonly topics: ReadonlyArray<TopicSpec & { readonly delayMs: number }>;
}

/** A worker that sends so many a second keeps up; it may be ten seconds behind. */
const RATE = 1_000;
const BEHIND_MS = 10_000;

function scaled(installation: Installation): readonly Scaled[] {
  const plan = topicPlan(environmentOf(installation, installation.podsOf('delivery')));
  const retries = plan.retries.map((topic) => ({ ...topic, delayMs: topic.tier.delayMs }));
  return [
    { name: 'delivery', group: plan.groups.delivery, topics: [{ ...plan.events, delayMs: 0 }] },
    { name: 'retry', group: plan.groups.retry, topics: [{ ...plan.replays, delayMs: 0 }, ...retries] },
  ];
}

function scalerProblems({ name, group, topics }: Scaled, installation: Installation): string[] {
  const { spec } = installation.one('ScaledObject', name);
  const seen = spec.triggers.map(({ type, metadata, authenticationRef }) =>
    [
      type,
      metadata['consumerGroup'],
      metadata['topic'],
      metadata['lagThreshold'],
      metadata['offsetResetPolicy'],
      authenticationRef?.name,
    ].join(' '),
  );
  const wanted = topics.map((topic) =>
    ['kafka', group, topic.name, ((topic.delayMs + BEHIND_MS) / 1_000) * RATE, 'earliest', 'kafka-scaler'].join(' '),
  );
  return [
    ...(spec.scaleTargetRef.name === name ? [] : ['scales another app']),
    ...seen.filter((trigger) => !wanted.includes(trigger)).map((trigger) => `unexpected: ${trigger}`),
    ...wanted.filter((trigger) => !seen.includes(trigger)).map((trigger) => `missing: ${trigger}`),
    ...topics.flatMap(({ partitions }) =>
      partitions === spec.maxReplicaCount ? [] : [`${spec.maxReplicaCount} at most`],
    ),
  ];
}

const isUsed = (installation: Installation): boolean => installation.all('ScaledObject').length > 0;

export const scalingRules: readonly Rule[] = [
  {
    name: 'config is scaled by its CPU',
    problems: (installation) => {
      const { scaleTargetRef, metrics } = installation.one('HorizontalPodAutoscaler', 'config').spec ?? {};
      return [
        ...(scaleTargetRef?.kind === 'Deployment' && scaleTargetRef.name === 'config' ? [] : ['another target']),
        ...(metrics?.[0]?.resource?.name === 'cpu' ? [] : ['another figure']),
      ];
    },
    broken: {
      'another target': (installation) => {
        installation.one('HorizontalPodAutoscaler', 'config').spec!.scaleTargetRef.name = 'delivery';
      },
      memory: (installation) => {
        installation.one('HorizontalPodAutoscaler', 'config').spec!.metrics![0]!.resource!.name = 'memory';
      },
    },
  },
  {
    name: 'workers are scaled by the lag of their group on every topic that it reads, up to the partitions',
    problems: (installation) =>
      isUsed(installation)
        ? scaled(installation).flatMap((worker) =>
            scalerProblems(worker, installation).map((what) => `${worker.name}: ${what}`),
          )
        : [],
    broken: {
      'a retry topic is left out': (installation) => installation.one('ScaledObject', 'retry').spec.triggers.pop(),
      'another group': (installation) => {
        installation.one('ScaledObject', 'delivery').spec.triggers[0]!.metadata['consumerGroup'] = 'webhook-deliver';
      },
      'what waits for its time counts as work': (installation) => {
        installation.one('ScaledObject', 'retry').spec.triggers[7]!.metadata['lagThreshold'] = '10000';
      },
      'more workers than partitions': (installation) => {
        installation.one('ScaledObject', 'retry').spec.maxReplicaCount = 24;
      },
      'no user': (installation) => delete installation.one('ScaledObject', 'retry').spec.triggers[3]!.authenticationRef,
    },
  },
  {
    name: 'what is scaled has no number of its own, and one that decides it',
    problems: (installation) => {
      const targets = [
        ...installation.all('HorizontalPodAutoscaler').map(({ spec }) => spec?.scaleTargetRef.name ?? ''),
        ...installation.all('ScaledObject').map(({ spec }) => spec.scaleTargetRef.name),
      ];
      return [
        ...targets.filter((name, index) => targets.indexOf(name) !== index).map((name) => `${name} is scaled twice`),
        ...targets.filter((name) => installation.one('Deployment', name).spec?.replicas !== undefined),
      ];
    },
    broken: {
      'a number': (installation) => {
        installation.one('Deployment', 'delivery').spec!.replicas = 2;
      },
      'two scalers': (installation) => {
        installation.one('HorizontalPodAutoscaler', 'config').spec!.scaleTargetRef.name = 'retry';
      },
    },
  },
  {
    name: 'the scaler reaches Kafka as the apps do',
    problems: (installation) => {
      if (!isUsed(installation)) return [];
      const { data = {} } = installation.one('ConfigMap', 'kafka-scaler');
      const variables = variablesOf(installation, installation.podsOf('delivery'));
      const secrets = installation.one('TriggerAuthentication', 'kafka-scaler').spec.secretTargetRef ?? [];
      const password = installation.podsOf('delivery').app.env?.find(({ name }) => name === 'KAFKA_SASL_PASSWORD');
      const wanted = password?.valueFrom?.secretKeyRef;
      return [
        ...(data['tls'] === (variables.get('KAFKA_TLS') === 'true' ? 'enable' : 'disable') ? [] : ['TLS']),
        ...(data['sasl'] === (variables.get('KAFKA_SASL_MECHANISM') ?? 'none').replace('-sha-', '_sha')
          ? []
          : ['mechanism']),
        ...(data['username'] === variables.get('KAFKA_SASL_USERNAME') ? [] : ['user']),
        ...(secrets.find(({ parameter }) => parameter === 'password')?.name === wanted?.name ? [] : ['password']),
        ...(secrets.some(({ parameter }) => parameter === 'ca') === variables.has('KAFKA_CA_FILE')
          ? []
          : ['authority']),
      ];
    },
    broken: {
      'no TLS': (installation) => {
        installation.one('ConfigMap', 'kafka-scaler').data!['tls'] = 'disable';
      },
      'another mechanism': (installation) => {
        installation.one('ConfigMap', 'kafka-scaler').data!['sasl'] = 'scram_sha256';
      },
      'another user': (installation) => {
        installation.one('ConfigMap', 'kafka-scaler').data!['username'] = 'keda';
      },
      'no password': (installation) =>
        installation.one('TriggerAuthentication', 'kafka-scaler').spec.secretTargetRef!.shift(),
      'no authority': (installation) =>
        installation.one('TriggerAuthentication', 'kafka-scaler').spec.secretTargetRef!.pop(),
    },
  },
];
