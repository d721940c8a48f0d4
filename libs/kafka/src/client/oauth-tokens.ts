import { type Clock, CodedError, messageOf } from '#libs/domain';
import { z } from 'zod';

/** A token is asked for anew when this share of its life is over. */
const KEPT_SHARE = 0.8;
const ANSWER_WITHIN_MS = 5_000;
/** The life of a token whose answer does not tell it, in seconds. */
const UNTOLD_LIFE_S = 60;

const answerOf = z.object({ access_token: z.string().min(1), expires_in: z.number().positive().optional() });

export interface OauthClient {
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scope: string | undefined;
}

/** The server that gives out tokens did not give one. */
export class OauthError extends CodedError {
  constructor(message: string, options?: { cause?: unknown }) {
    super('OAUTH_TOKEN', message, options);
  }
}

/** Access tokens by the client credentials grant (RFC 6749, section 4.4), each kept for most of its life and asked for by one request at a time. */
export class OauthTokens {
  private readonly client: OauthClient;
  private readonly clock: Clock;
  private current: { readonly value: string; readonly until: number } | undefined;
  private underway: Promise<string> | undefined;

  constructor(client: OauthClient, clock: Clock) {
    this.client = client;
    this.clock = clock;
  }

  /** @throws OauthError when the server does not answer within 5 s, or with something else than a token. */
  async token(): Promise<string> {
    if (this.current && this.clock.now() < this.current.until) return this.current.value;
    this.underway ??= this.ask().finally(() => (this.underway = undefined));
    return await this.underway;
  }

  private async ask(): Promise<string> {
    const { clientId, clientSecret, scope, tokenUrl } = this.client;
    const credentials = `${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`;
    const body = new URLSearchParams({ grant_type: 'client_credentials', ...(scope === undefined ? {} : { scope }) });
    const askedAt = this.clock.now();
    const { status, text } = await this.post(tokenUrl, credentials, body);
    const host = new URL(tokenUrl).host;
    if (status !== 200) throw new OauthError(`${host} answered ${status} in place of a token for ${clientId}`);
    const answer = answerOf.safeParse(jsonOf(text));
    if (!answer.success) throw new OauthError(`${host} answered without an access_token for ${clientId}`);
    const { access_token: value, expires_in: lifeS = UNTOLD_LIFE_S } = answer.data;
    this.current = { value, until: askedAt + lifeS * 1_000 * KEPT_SHARE };
    return value;
  }

  private async post(
    url: string,
    credentials: string,
    body: URLSearchParams,
  ): Promise<{ readonly status: number; readonly text: string }> {
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` },
        body,
        redirect: 'error',
        signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      });
      return { status: response.status, text: await response.text() };
    } catch (cause) {
      throw new OauthError(`no token from ${new URL(url).host}: ${messageOf(cause)}`, { cause });
    }
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
