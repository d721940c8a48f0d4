import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { install } from '../../../deploy/local/install/install.ts';
import { kafkaWith, type KafkaVariant } from '../../../deploy/local/parts/kafka.ts';
import { PartRunner } from '../../../deploy/local/parts/run-part.ts';
import { type Authority, LOOPBACK, makeAuthority } from '../certificates/authority.ts';
import { listen } from '../listen.ts';

const USER = { name: 'webhooks', password: 'a-password-of-the-test' };
const OAUTH_CLIENT = { id: 'webhooks', secret: 'a secret, of the test' };
const TOKEN_LIFE_S = 3_600;
const LOGIN = 'org.apache.kafka.common.security';

/** A broker that lets in nobody without TLS, a certificate of its authority, and a password or a token. */
export class SecureKafka {
  /** Of the server that gives out tokens. */
  tokensGiven = 0;
  private readonly folder: string;
  private readonly broker: PartRunner;
  private readonly files: Readonly<Record<'ca' | 'cert' | 'key', string>>;
  private readonly tokens: Server;
  private tokenUrl = '';

  private constructor(folder: string, broker: PartRunner, files: SecureKafka['files']) {
    this.folder = folder;
    this.broker = broker;
    this.files = files;
    this.tokens = createServer((request, response) => {
      const expected = `Basic ${Buffer.from(`${encodeURIComponent(OAUTH_CLIENT.id)}:${encodeURIComponent(OAUTH_CLIENT.secret)}`).toString('base64')}`;
      if (request.headers.authorization !== expected) {
        response.writeHead(401).end();
        return;
      }
      this.tokensGiven += 1;
      response.end(JSON.stringify({ access_token: unsecuredToken(), token_type: 'Bearer', expires_in: TOKEN_LIFE_S }));
    });
  }

  /** Resolves when it serves. */
  static async start(): Promise<SecureKafka> {
    const folder = await mkdtemp(join(tmpdir(), 'webhook-secure-kafka-'));
    const authority = await makeAuthority();
    const files = await written(folder, authority);
    await install(['kafka'], () => undefined);
    const abandoned = new AbortController().signal;
    const broker = await PartRunner.start(kafkaWith(variant(files)), folder, () => undefined, abandoned);
    const kafka = new SecureKafka(folder, broker, files);
    kafka.tokenUrl = `http://127.0.0.1:${await listen(kafka.tokens)}/token`;
    return kafka;
  }

  /** The settings of an app that may come in with a password. */
  get withPassword(): NodeJS.ProcessEnv {
    return {
      ...this.withCertificate,
      KAFKA_SASL_MECHANISM: 'scram-sha-512',
      KAFKA_SASL_USERNAME: USER.name,
      KAFKA_SASL_PASSWORD: USER.password,
    };
  }

  /** The settings of an app that may come in with a token. */
  get withToken(): NodeJS.ProcessEnv {
    return {
      ...this.withCertificate,
      KAFKA_SASL_MECHANISM: 'oauthbearer',
      KAFKA_OAUTH_TOKEN_URL: this.tokenUrl,
      KAFKA_OAUTH_CLIENT_ID: OAUTH_CLIENT.id,
      KAFKA_OAUTH_CLIENT_SECRET: OAUTH_CLIENT.secret,
    };
  }

  async stop(): Promise<void> {
    await this.broker.stop();
    this.tokens.close();
    await rm(this.folder, { recursive: true, force: true });
  }

  private get withCertificate(): NodeJS.ProcessEnv {
    return {
      KAFKA_BROKERS: this.broker.address,
      KAFKA_TLS: 'true',
      KAFKA_CA_FILE: this.files.ca,
      KAFKA_CERT_FILE: this.files.cert,
      KAFKA_KEY_FILE: this.files.key,
    };
  }
}

async function written(folder: string, authority: Authority): Promise<SecureKafka['files'] & { server: string }> {
  const [server, client] = await Promise.all([
    authority.issue(LOOPBACK),
    authority.issue({ ...LOOPBACK, holder: 'client' }),
  ]);
  const file = async (name: string, text: string): Promise<string> => {
    await writeFile(join(folder, name), text);
    return join(folder, name);
  };
  return {
    ca: await file('ca.pem', authority.caPem),
    cert: await file('client.pem', client.cert),
    key: await file('client-key.pem', client.key),
    server: await file('server.pem', `${server.key}\n${server.cert}`),
  };
}

/** The usual listener stays for the broker itself; clients are told of the secure one alone. */
function variant(files: { readonly ca: string; readonly server: string }): KafkaVariant {
  return {
    morePorts: 1,
    clientPort: 2,
    formatting: ['--add-scram', `SCRAM-SHA-512=[name=${USER.name},password=${USER.password}]`],
    properties: ({ ports: [, , secure] }, usual) => ({
      listeners: `${String(usual['listeners'])},SECURE://127.0.0.1:${secure}`,
      'advertised.listeners': `${String(usual['advertised.listeners'])},SECURE://127.0.0.1:${secure}`,
      'listener.security.protocol.map': `${String(usual['listener.security.protocol.map'])},SECURE:SASL_SSL`,
      'listener.name.secure.ssl.client.auth': 'required',
      'listener.name.secure.ssl.keystore.type': 'PEM',
      'listener.name.secure.ssl.keystore.location': files.server,
      'listener.name.secure.ssl.truststore.type': 'PEM',
      'listener.name.secure.ssl.truststore.location': files.ca,
      'listener.name.secure.sasl.enabled.mechanisms': 'SCRAM-SHA-512,OAUTHBEARER',
      'listener.name.secure.scram-sha-512.sasl.jaas.config': `${LOGIN}.scram.ScramLoginModule required;`,
      'listener.name.secure.oauthbearer.sasl.jaas.config': `${LOGIN}.oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="broker";`,
    }),
  };
}

/** A token without a signature, which Kafka takes when it is told of no authority for tokens. */
function unsecuredToken(): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const now = Math.floor(Date.now() / 1_000);
  return `${part({ alg: 'none' })}.${part({ sub: OAUTH_CLIENT.id, iat: now, exp: now + TOKEN_LIFE_S })}.`;
}
