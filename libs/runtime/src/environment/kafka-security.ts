import { z } from 'zod';

import { absoluteUrl, certificateFile, flag, privateKeyFile } from './fields.ts';

/** How Kafka is told who connects. */
export type KafkaSasl =
  | {
      readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
      readonly username: string;
      readonly password: string;
    }
  | {
      readonly mechanism: 'oauthbearer';
      readonly tokenUrl: string;
      readonly clientId: string;
      readonly clientSecret: string;
      readonly scope: string | undefined;
    };

/** What a client needs to reach Kafka. It can be handed to a thread. */
export interface KafkaAccess {
  /** `host:port` each. */
  readonly brokers: readonly string[];
  /** PEM texts; without an authority of its own, those that Node trusts. */
  readonly tls?:
    | { readonly ca: string | undefined; readonly cert: string | undefined; readonly key: string | undefined }
    | undefined;
  readonly sasl?: KafkaSasl | undefined;
}

const nonEmpty = z.string().min(1);

/** The variables that say how Kafka is reached. */
export const kafkaSecurityVariables = {
  KAFKA_TLS: flag.default(false),
  KAFKA_CA_FILE: certificateFile.optional(),
  KAFKA_CERT_FILE: certificateFile.optional(),
  KAFKA_KEY_FILE: privateKeyFile.optional(),
  KAFKA_SASL_MECHANISM: z
    .enum(['plain', 'scram-sha-256', 'scram-sha-512', 'oauthbearer'], {
      error: 'must be one of plain, scram-sha-256, scram-sha-512, oauthbearer',
    })
    .optional(),
  KAFKA_SASL_USERNAME: nonEmpty.optional(),
  KAFKA_SASL_PASSWORD: nonEmpty.optional(),
  KAFKA_OAUTH_TOKEN_URL: absoluteUrl(['http', 'https'], 'https://login.example/oauth2/token').optional(),
  KAFKA_OAUTH_CLIENT_ID: nonEmpty.optional(),
  KAFKA_OAUTH_CLIENT_SECRET: nonEmpty.optional(),
  KAFKA_OAUTH_SCOPE: nonEmpty.optional(),
};

const security = z.object(kafkaSecurityVariables);
type Security = z.output<typeof security>;

const TLS_FILES = ['KAFKA_CA_FILE', 'KAFKA_CERT_FILE', 'KAFKA_KEY_FILE'] as const;
const PASSWORD = ['KAFKA_SASL_USERNAME', 'KAFKA_SASL_PASSWORD'] as const;
const OAUTH = ['KAFKA_OAUTH_TOKEN_URL', 'KAFKA_OAUTH_CLIENT_ID', 'KAFKA_OAUTH_CLIENT_SECRET'] as const;
const OAUTH_OPTIONAL = ['KAFKA_OAUTH_SCOPE'] as const;

/** Which of the variables do not go together, each with the remedy. */
export function contradictions(values: Security): ReadonlyArray<readonly [variable: keyof Security, remedy: string]> {
  const found: Array<readonly [keyof Security, string]> = [];
  const set = (name: keyof Security): boolean => values[name] !== undefined;
  const unused = (names: ReadonlyArray<keyof Security>, needs: string): void => {
    for (const name of names) if (set(name)) found.push([name, `has no effect without ${needs}`]);
  };
  const needed = (names: ReadonlyArray<keyof Security>, by: string): void => {
    for (const name of names) if (!set(name)) found.push([name, `is needed with ${by}`]);
  };
  if (!values.KAFKA_TLS) unused(TLS_FILES, 'KAFKA_TLS=true');
  if (set('KAFKA_CERT_FILE')) needed(['KAFKA_KEY_FILE'], 'KAFKA_CERT_FILE');
  if (set('KAFKA_KEY_FILE')) needed(['KAFKA_CERT_FILE'], 'KAFKA_KEY_FILE');
  const mechanism = values.KAFKA_SASL_MECHANISM;
  switch (mechanism) {
    case undefined:
      unused([...PASSWORD, ...OAUTH, ...OAUTH_OPTIONAL], 'KAFKA_SASL_MECHANISM');
      break;
    case 'plain':
    case 'scram-sha-256':
    case 'scram-sha-512':
      needed(PASSWORD, `KAFKA_SASL_MECHANISM=${mechanism}`);
      unused([...OAUTH, ...OAUTH_OPTIONAL], 'KAFKA_SASL_MECHANISM=oauthbearer');
      break;
    case 'oauthbearer':
      needed(OAUTH, 'KAFKA_SASL_MECHANISM=oauthbearer');
      unused(PASSWORD, 'KAFKA_SASL_MECHANISM=plain, scram-sha-256 or scram-sha-512');
      break;
  }
  return found;
}

/** How a checked environment says that Kafka is reached. */
export function kafkaAccess(environment: Security & { readonly KAFKA_BROKERS: readonly string[] }): KafkaAccess {
  const { KAFKA_TLS, KAFKA_CA_FILE, KAFKA_CERT_FILE, KAFKA_KEY_FILE } = environment;
  return {
    brokers: environment.KAFKA_BROKERS,
    tls: KAFKA_TLS ? { ca: KAFKA_CA_FILE, cert: KAFKA_CERT_FILE, key: KAFKA_KEY_FILE } : undefined,
    sasl: saslOf(environment),
  };
}

function saslOf(values: Security): KafkaSasl | undefined {
  const mechanism = values.KAFKA_SASL_MECHANISM;
  if (mechanism === undefined) return undefined;
  if (mechanism !== 'oauthbearer') {
    return { mechanism, username: values.KAFKA_SASL_USERNAME ?? '', password: values.KAFKA_SASL_PASSWORD ?? '' };
  }
  return {
    mechanism,
    tokenUrl: values.KAFKA_OAUTH_TOKEN_URL ?? '',
    clientId: values.KAFKA_OAUTH_CLIENT_ID ?? '',
    clientSecret: values.KAFKA_OAUTH_CLIENT_SECRET ?? '',
    scope: values.KAFKA_OAUTH_SCOPE,
  };
}
