import { createServer, type RequestListener, type Server } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import { listen } from '../../../test/support/listen.ts';
import { loadCatalogue } from './catalogue.ts';
import { registryAddress } from './registry-address.ts';
import { RegistryWriterSchemas } from './registry-client.ts';
import { registerAll } from './registration.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
const servers: Server[] = [];

/** A registry that misbehaves on demand. */
async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  return `http://127.0.0.1:${await listen(server)}`;
}

function schemasAt(base: string): RegistryWriterSchemas {
  return new RegistryWriterSchemas(registryAddress(base));
}

afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

describe("a writer's schema, from a registry that misbehaves", () => {
  it.each<[string, RequestListener]>([
    ['answers 500', (_request, response) => response.writeHead(500, JSON_TYPE).end('{"message":"broken"}')],
    ['answers 500 with nothing', (_request, response) => response.writeHead(500).end()],
    ['answers 401', (_request, response) => response.writeHead(401, JSON_TYPE).end('{"message":"who are you?"}')],
    ['answers 429', (_request, response) => response.writeHead(429).end('slow down')],
    ['answers 404 with a page', (_request, response) => response.writeHead(404).end('<html>not here</html>')],
    [
      'answers 404 about something else',
      (_request, response) => response.writeHead(404, JSON_TYPE).end('{"error_code":404}'),
    ],
    ['answers 200 with a page', (_request, response) => response.writeHead(200).end('<html>welcome</html>')],
    ['hangs up', (request) => request.socket.destroy()],
  ])('is unavailable when it %s', async (_case, listener) => {
    expect(await schemasAt(await serve(listener)).find(1)).toMatchObject({
      kind: 'unavailable',
      cause: {
        code: 'UNAVAILABLE',
        message: expect.stringMatching(/^schema 1 could not be fetched from the schema registry at http/),
      },
    });
  });

  it('is unavailable within about two seconds when it never answers', async () => {
    const base = await serve(() => {});
    const started = performance.now();
    expect(await schemasAt(base).find(1)).toMatchObject({ kind: 'unavailable' });
    expect(performance.now() - started).toBeLessThan(2_300);
  });

  it('is unavailable when nothing listens', async () => {
    expect(await schemasAt('http://127.0.0.1:1').find(1)).toMatchObject({ kind: 'unavailable' });
  });

  it('is found at the second attempt', async () => {
    let requests = 0;
    const base = await serve((_request, response) => {
      if (++requests === 1) response.writeHead(503).end();
      else response.writeHead(200, JSON_TYPE).end(JSON.stringify({ schema: '"string"' }));
    });
    expect(await schemasAt(base).find(1)).toMatchObject({ kind: 'found' });
  });

  it('is unknown only when the registry itself says so', async () => {
    const base = await serve((_request, response) => response.writeHead(404, JSON_TYPE).end('{"error_code":40403}'));
    expect(await schemasAt(base).find(12)).toEqual({
      kind: 'unknown',
      message: 'the schema registry has no schema 12',
    });
  });

  it.each<[string, object]>([
    ['is a JSON schema', { schema: '{}', schemaType: 'JSON' }],
    ['is of an unheard-of kind', { schema: '{}', schemaType: 'XML' }],
    ['is not a schema', { schema: '{"type":"record"}' }],
    ['is not JSON', { schema: '{' }],
  ])('is unsupported when it %s', async (_case, answer) => {
    const base = await serve((_request, response) => response.writeHead(200, JSON_TYPE).end(JSON.stringify(answer)));
    expect(await schemasAt(base).find(1)).toMatchObject({
      kind: 'unsupported',
      message: expect.stringMatching(/^schema 1 is not/),
    });
  });

  it('is asked for with the credentials of the URL, which no message repeats', async () => {
    const seen: (string | undefined)[] = [];
    const base = await serve((request, response) => {
      seen.push(request.headers.authorization);
      response.writeHead(500).end();
    });
    const lookup = await schemasAt(base.replace('//', '//user:p%40ss@')).find(1);
    expect(seen[0]).toBe(`Basic ${Buffer.from('user:p@ss').toString('base64')}`);
    expect(lookup.kind === 'unavailable' && lookup.cause.message).not.toContain('user');
  });
});

describe('registration with a registry that misbehaves', () => {
  const catalogue = loadCatalogue(`${import.meta.dirname}/../../../schemas`);

  it('says so when nothing listens', async () => {
    await expect(registerAll(catalogue, registryAddress('http://127.0.0.1:1'))).rejects.toMatchObject({
      code: 'SCHEMA_REGISTRY_UNAVAILABLE',
    });
  });

  it('says why a schema is refused', async () => {
    const refusal = JSON.stringify({ error_code: 422, message: 'Invalid schema' });
    const base = await serve((_request, response) => response.writeHead(422, JSON_TYPE).end(refusal));
    await expect(registerAll(catalogue, registryAddress(base))).rejects.toMatchObject({
      code: 'SCHEMA_REFUSED',
      message: expect.stringContaining('status 422: Invalid schema'),
    });
  });
});

describe('SCHEMA_REGISTRY_URL', () => {
  it.each(['', 'localhost:8081', 'ftp://registry'])('is refused when it is "%s"', (text) => {
    expect(() => registryAddress(text)).toThrow(/SCHEMA_REGISTRY_URL must be/);
  });

  it('keeps its path and loses a trailing slash', () => {
    expect(registryAddress('https://registry/apis/ccompat/v7/')).toEqual({ base: 'https://registry/apis/ccompat/v7' });
  });
});
