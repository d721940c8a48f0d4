import type { KafkaConfig, SASLOptions } from 'kafkajs';

import { systemClock } from '#libs/domain';
import type { KafkaAccess, KafkaSasl } from '#libs/runtime';

import { OauthTokens } from './oauth-tokens.ts';

/** The part of the client's configuration that says where Kafka is and who connects. */
export function brokerAccess({ brokers, tls, sasl }: KafkaAccess): Pick<KafkaConfig, 'brokers' | 'ssl' | 'sasl'> {
  return {
    brokers: [...brokers],
    ...(tls ? { ssl: given(tls) } : {}),
    ...(sasl ? { sasl: saslOptions(sasl) } : {}),
  };
}

function saslOptions(sasl: KafkaSasl): SASLOptions {
  if (sasl.mechanism !== 'oauthbearer') return sasl;
  const tokens = new OauthTokens(sasl, systemClock);
  return { mechanism: 'oauthbearer', oauthBearerProvider: async () => ({ value: await tokens.token() }) };
}

/** Node takes a key that is there but undefined for one of its own defaults in some places, for an error in others. */
function given(tls: NonNullable<KafkaAccess['tls']>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(tls).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])),
  );
}
