import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';

import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';

import { listen } from '../../../../test/support/listen.ts';
import { OauthTokens } from './oauth-tokens.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const SECRET = 's3cret & more';
const clock = { time: 1_000_000, now: () => clock.time };
const asked: Array<{ authorization: string | undefined; body: string }> = [];
let answer: Answer;
let tokenUrl = '';
const server = createServer((request, response) => {
  void text(request).then((body) => {
    asked.push({ authorization: request.headers.authorization, body });
    answer(request, response);
  });
});

const json =
  (body: object, status = 200): Answer =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
const tokensOf = (scope?: string) =>
  new OauthTokens({ tokenUrl, clientId: 'webhooks', clientSecret: SECRET, scope }, clock);

beforeAll(async () => {
  tokenUrl = `http://127.0.0.1:${await listen(server)}/token`;
});
beforeEach(() => {
  asked.length = 0;
  answer = (request, response) => json({ access_token: `t${asked.length}`, expires_in: 100 })(request, response);
});
afterAll(() => void server.close());

it('asks by the client credentials grant', async () => {
  expect(await tokensOf('kafka').token()).toBe('t1');
  const credentials = Buffer.from(`webhooks:${encodeURIComponent(SECRET)}`).toString('base64');
  expect(asked).toEqual([{ authorization: `Basic ${credentials}`, body: 'grant_type=client_credentials&scope=kafka' }]);
});

it('keeps a token for four fifths of its life, and asks once for all that wait', async () => {
  const tokens = tokensOf();
  expect(await Promise.all([tokens.token(), tokens.token()])).toEqual(['t1', 't1']);
  clock.time += 79_999;
  expect(await tokens.token()).toBe('t1');
  clock.time += 1;
  expect(await tokens.token()).toBe('t2');
});

it.each<[string, Answer, RegExp]>([
  ['a refusal', json({ error: 'invalid_client' }, 401), /answered 401 in place of a token for webhooks/],
  ['no token', json({ token_type: 'Bearer' }), /without an access_token/],
  ['no JSON', (_request, response) => response.end('<html>'), /without an access_token/],
  ['a closed connection', (request) => request.socket.destroy(), /no token from 127\.0\.0\.1/],
  ['another address', (_request, response) => response.writeHead(302, { location: '/x' }).end(), /no token from/],
])('says what is wrong after %s, without the secret, and asks again the next time', async (_name, wrong, message) => {
  const tokens = tokensOf();
  answer = wrong;
  const failure: unknown = await tokens.token().catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: 'OAUTH_TOKEN', message: expect.stringMatching(message) });
  expect(String(failure)).not.toContain(SECRET);
  answer = json({ access_token: 'fine' });
  expect(await tokens.token()).toBe('fine');
});
