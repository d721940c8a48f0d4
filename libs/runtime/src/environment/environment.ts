import { ConfigurationError, RetrySchedule } from '#libs/domain';
import { z } from 'zod';

import {
  absoluteUrl,
  brokerList,
  certificateFile,
  cidrList,
  duration,
  flag,
  keyList,
  nameServerList,
  portList,
  share,
  whole,
} from './fields.ts';
import { contradictions, kafkaSecurityVariables } from './kafka-security.ts';

const retrySchedule = z.string().transform((text, context) => {
  try {
    return RetrySchedule.parse(text);
  } catch (error) {
    context.addIssue(error instanceof Error ? error.message.replace(/^RETRY_SCHEDULE:? ?/, '') : String(error));
    return z.NEVER;
  }
});

const settings = z.object({
  KAFKA_BROKERS: brokerList,
  ...kafkaSecurityVariables,
  SCHEMA_REGISTRY_URL: absoluteUrl(['http', 'https'], 'http://registry:8080/apis/ccompat/v7'),
  MONGODB_URI: z.string().regex(/^mongodb(\+srv)?:\/\/\S+$/, { error: 'must start with mongodb:// or mongodb+srv://' }),
  SECRETS_KEY: keyList,
  OPERATOR_KEY: z.string().min(16, { error: 'must have at least 16 characters' }).optional(),
  HTTP_PORT: whole(0, 65_535).default(8080),
  HEALTH_PORT: whole(0, 65_535).optional(),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
      error: 'must be one of fatal, error, warn, info, debug, trace, silent',
    })
    .default('info'),
  RETRY_SCHEDULE: retrySchedule.prefault('5s,30s,2m,15m,1h,6h,24h'),
  DELIVERY_TIMEOUT_MS: whole(100, 60_000).default(5_000),
  ALLOWED_NETWORKS: cidrList.default([]),
  ALLOWED_PORTS: portList.default([]),
  ALLOW_HTTP_ENDPOINTS: flag.default(false),
  DNS_SERVERS: nameServerList.default([]),
  EXTRA_CA_FILE: certificateFile.optional(),
  TOPIC_PREFIX: z
    .string()
    .regex(/^[a-zA-Z0-9._-]{0,100}$/, { error: 'may hold letters, digits, dots, underscores and hyphens' })
    .default(''),
  TOPIC_PARTITIONS: whole(1, 10_000).default(24),
  TOPIC_REPLICATION: whole(1, 32).default(3),
  TOPIC_MIN_INSYNC_REPLICAS: whole(1, 32).default(2),
  EVENT_RETENTION: duration.prefault('7d'),
  EVENT_MAX_BYTES: whole(1_024, 64 * 1024 * 1024).default(1_048_576),
  ATTEMPT_RETENTION: duration.prefault('7d'),
  ATTEMPT_KEEP: duration.prefault('30d'),
  AUDIT_KEEP: duration.prefault('365d'),
  API_RATE: whole(1, 1_000_000).default(50),
  API_BURST: whole(1, 1_000_000).default(200),
  MAX_WEBHOOKS: whole(1, 1_000_000).default(100),
  DISABLE_AFTER: duration.prefault('5d'),
  WEBHOOK_CONCURRENCY: whole(1, 10_000).default(100),
  UNSETTLED_BYTES: whole(65_536, 16 * 1024 * 1024 * 1024).default(64 * 1024 * 1024),
  UNSETTLED_SPAN: whole(1, 10_000_000).default(100_000),
  REPLAY_RATE: whole(1, 100_000).default(500),
  DRAIN_LIMIT_MS: whole(0, 600_000).default(15_000),
  ATTEMPT_LOG: z.enum(['all', 'failed', 'none'], { error: 'must be one of all, failed, none' }).default('failed'),
  OTEL_EXPORTER_OTLP_ENDPOINT: absoluteUrl(['http', 'https'], 'http://collector:4318').optional(),
  OTEL_TRACES_SAMPLER_ARG: share.default(0.01),
});

/** The name of every setting. */
export const SETTINGS: readonly string[] = Object.keys(settings.shape);

const variables = settings.superRefine((values, context) => {
  for (const [name, message] of contradictions(values)) context.addIssue({ code: 'custom', path: [name], message });
});

type Variables = z.output<typeof settings>;

/** Every setting of every app, read once. See docs/operators.md for what each does. */
export type Environment = Readonly<Variables>;

/**
 * Reads and checks the environment. Empty variables count as not set.
 *
 * @throws ConfigurationError that lists every variable that is missing or wrong, each with its remedy.
 */
export function readEnvironment(env: Readonly<Record<string, string | undefined>>): Environment {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const result = variables.safeParse(given);
  if (result.success) return result.data;
  const lines = result.error.issues.map((issue) => {
    const name = String(issue.path[0]);
    const missing = given[name] === undefined && issue.code !== 'custom';
    return missing ? `${name} is not set` : `${name}: ${issue.message}`;
  });
  throw new ConfigurationError(
    `The environment is not usable:\n${[...new Set(lines)].map((line) => `  ${line}`).join('\n')}`,
  );
}
