import { createHmac, randomBytes } from 'node:crypto';

import { describe, expect, it } from '@jest/globals';
import { Webhook as StandardWebhook } from 'standardwebhooks';

import { standardSignature, voipbinSignature } from './signatures.ts';
import { SigningKey } from './signing-key.ts';

describe('signatures', () => {
  const body = '{"id":"e-1","type":"call_hangup","data":{"name":"Zoë ☎"}}';
  const secrets = [randomBytes(24), randomBytes(32)];
  const keys = secrets.map((secret) => new SigningKey(secret));
  const timestamp = String(Math.floor(Date.now() / 1_000));
  const headers = {
    'webhook-id': 'e-1',
    'webhook-timestamp': timestamp,
    'webhook-signature': standardSignature(keys, 'e-1', timestamp, Buffer.from(body)),
  };

  it.each([0, 1])('are accepted by a Standard Webhooks receiver that holds secret %i', (index) => {
    const receiver = new StandardWebhook(`whsec_${secrets[index]?.toString('base64')}`);
    expect(receiver.verify(body, headers)).toEqual(JSON.parse(body));
  });

  it('are refused when the body, the id or the secret is another', () => {
    const receiver = new StandardWebhook(`whsec_${secrets[0]?.toString('base64')}`);
    expect(() => receiver.verify(`${body} `, headers)).toThrow('No matching signature');
    expect(() => receiver.verify(body, { ...headers, 'webhook-id': 'e-2' })).toThrow('No matching signature');
    const stranger = new StandardWebhook(`whsec_${randomBytes(24).toString('base64')}`);
    expect(() => stranger.verify(body, headers)).toThrow('No matching signature');
  });

  it('come in the VoIPBIN form as hex over the body alone', () => {
    const [key] = keys;
    if (!key) throw new Error('no key');
    const expected = createHmac('sha256', secrets[0] ?? '')
      .update(Buffer.from(body))
      .digest('hex');
    expect(voipbinSignature(key, Buffer.from(body))).toBe(`sha256=${expected}`);
  });
});
