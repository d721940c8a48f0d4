import type { AttemptError } from '#libs/domain';

import { a, aaaa, always, type Behaviour, inTurn } from '../dns/name-server.ts';

/** A URL that no webhook may point to. `{port}` stands for the port of a trap on this machine. */
export interface HostileUrl {
  readonly url: string;
  /** What registration says about it. */
  readonly registration: RegExp;
  /** What comes of it when a webhook has it all the same. */
  readonly attempt: AttemptError;
}

const ADDRESS = /^must lead to a public address, which .+ does not; /;
const PORT = /^must not use port \d+; /;
const ABSOLUTE = /^must be an absolute https \(or http\) URL/;
const VALID = /^must be a valid https \(or http\) URL/;
const SCHEME = /^must begin with https:\/\/ or http:\/\/, not /;
const PERSON = /^must not contain a user name or password/;

const rows = (registration: RegExp, attempt: AttemptError, urls: readonly string[]): HostileUrl[] =>
  urls.map((url) => ({ url, registration, attempt }));

const onTrap = (hosts: readonly string[]): string[] => hosts.map((host) => `http://${host}:{port}/`);

/** Every special range, in the plainest spelling. */
const RANGES = rows(ADDRESS, 'address_refused', [
  ...onTrap([
    '0.0.0.0',
    '0.1.2.3',
    '10.0.0.1',
    '10.255.255.255',
    '100.64.0.1',
    '100.127.255.254',
    '127.0.0.1',
    '127.0.0.2',
  ]),
  ...onTrap([
    '127.255.255.254',
    '169.254.0.1',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.254',
    '192.0.0.8',
    '192.0.0.170',
  ]),
  ...onTrap([
    '192.0.2.2',
    '192.31.196.1',
    '192.52.193.1',
    '192.88.99.1',
    '192.168.0.1',
    '192.168.255.254',
    '192.175.48.1',
  ]),
  ...onTrap([
    '198.18.0.1',
    '198.19.255.254',
    '198.51.100.1',
    '203.0.113.1',
    '224.0.0.1',
    '239.255.255.255',
    '240.0.0.1',
  ]),
  ...onTrap(['255.255.255.255', '[::]', '[::1]', '[::127.0.0.1]', '[::8.8.8.8]', '[64:ff9b:1::7f00:1]', '[100::1]']),
  ...onTrap([
    '[100:0:0:1::1]',
    '[2001::1]',
    '[2001:1::1]',
    '[2001:2::1]',
    '[2001:3::1]',
    '[2001:4:112::1]',
    '[2001:10::1]',
  ]),
  ...onTrap([
    '[2001:20::1]',
    '[2001:30::1]',
    '[2001:db8::1]',
    '[2002:7f00:1::1]',
    '[2002:a00:1::1]',
    '[2620:4f:8000::1]',
  ]),
  ...onTrap([
    '[3fff::1]',
    '[4000::1]',
    '[5f00::1]',
    '[fc00::1]',
    '[fd00:ec2::254]',
    '[fe80::1]',
    '[fec0::1]',
    '[ff02::1]',
  ]),
  'https://169.254.169.254/latest/meta-data/',
  'https://[fd00:ec2::254]/latest/meta-data/',
]);

/** Other spellings of what is refused above. */
const SPELLINGS = rows(ADDRESS, 'address_refused', [
  ...onTrap(['2130706433', '0x7f000001', '017700000001', '0', '4294967295', '167772161']),
  ...onTrap([
    '127.1',
    '127.0.1',
    '0x7f.1',
    '0177.1',
    '0177.0.0.01',
    '0x7f.0x0.0x0.0x1',
    '127.0x1',
    '0300.0250.1',
    '10.1',
  ]),
  ...onTrap(['127.0.0.1.', '2130706433.', '0x7f.1.', '0x0000007f.0.0.1']),
  ...onTrap([
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[0:0:0:0:0:ffff:7f00:0001]',
    '[::FFFF:10.0.0.1]',
    '[::ffff:0:127.0.0.1]',
  ]),
  ...onTrap([
    '[64:ff9b::127.0.0.1]',
    '[64:ff9b::a9fe:a9fe]',
    '[0000:0000:0000:0000:0000:0000:0000:0001]',
    '[0::1]',
    '[FE80::1]',
  ]),
  // Digits and dots that IDNA takes for ASCII ones.
  ...onTrap([
    '１２７.０.０.１',
    '127。0。0。1',
    '127．0．0．1',
    '①②⑦.⓪.⓪.①',
    '𝟏𝟐𝟕.𝟎.𝟎.𝟏',
    '０ｘ７ｆ．１',
    '１６９。２５４｡１６９．２５４',
  ]),
  ...onTrap(['%31%32%37.0.0.1', '127%2E0%2E0%2E1', '127.0.0.1%2e', '12\u00ad7.0.0.1', '127.0.0.\u200b1']),
]);

/** Names for this machine. */
const OWN_NAMES = rows(ADDRESS, 'address_refused', [
  ...onTrap([
    'localhost',
    'LOCALHOST',
    'LocalHost.',
    'a.localhost',
    'a.b.localhost.',
    'ⓛⓞⓒⓐⓛⓗⓞⓢⓣ',
    'ｌｏｃａｌｈｏｓｔ',
    'loc\u00adalhost',
  ]),
  ...onTrap(['%6c%6fcalhost', 'localhost%2e', 'lo\u2060calhost', 'localhoſt']),
]);

/** Texts whose parts can be taken for others than they are. */
const TRICKS: readonly HostileUrl[] = [
  ...rows(PERSON, 'address_refused', [
    'https://example.com@127.0.0.1:{port}/',
    'https://example.com:443@127.0.0.1:{port}/',
    'https://example.com%2f@127.0.0.1:{port}/',
    'http://user:password@[::1]:{port}/',
    'http://@127.0.0.1@localhost:{port}/',
  ]),
  ...rows(PERSON, 'dns_failed', ['http://127.0.0.1:{port}@example.com/', 'http://localhost@example.com:{port}/']),
  ...rows(VALID, 'address_refused', [
    'http://127.0.0.1:{port}\\@example.com/',
    'http://127.0.0.1:{port}\\.example.com/',
    'http://127.0.\t0.1:{port}/',
    'http://127.0.0\n.1:{port}/',
    'http://127.0.0.1:{port}/a\r\nhost: example.com',
    'http://127.0.0.1:{port}/\u0000',
    'http://127.0.0.1:{port}/ ',
  ]),
  ...rows(VALID, 'dns_failed', ['https://example.com\\@127.0.0.1:{port}/', 'https://example.com\\127.0.0.1:{port}']),
  ...rows(VALID, 'invalid_url', [
    'http://[::1%25lo]:{port}/',
    'http://[fe80::1%25eth0]:{port}/',
    'http://[fe80::1%eth0]:{port}/',
    'http://[::1:{port}/',
    'http://127.0.0.1:{port}:80/',
    'http://127.0.0.256:{port}/',
    'http://1.2.3.4.5:{port}/',
    'http://example.0x7f:{port}/',
    'http://127.0.0.1 .example.com/',
    'http://127.0.0.1:99999/',
    'http://local\u0000host:{port}/',
    'http://%00127.0.0.1:{port}/',
    'http://127.0.0.1%23.example.com:{port}/',
    'http://[::ffff:127.0.0.1.]:{port}/',
  ]),
  ...rows(ABSOLUTE, 'address_refused', [
    'http:127.0.0.1:{port}',
    'http:/127.0.0.1:{port}/',
    'http:///127.0.0.1:{port}/',
    'http:\\\\127.0.0.1:{port}\\',
    'http://\\127.0.0.1:{port}/',
    'h\tttp://127.0.0.1:{port}/',
    '\u0001http://127.0.0.1:{port}/',
  ]),
  ...rows(ABSOLUTE, 'invalid_url', [
    '//127.0.0.1:{port}/',
    '127.0.0.1:{port}',
    '/hook',
    'data:text/plain,hello',
    'javascript:1',
  ]),
  ...rows(SCHEME, 'invalid_url', [
    'ftp://127.0.0.1:{port}/',
    'gopher://127.0.0.1:{port}/_',
    'ws://127.0.0.1:{port}/',
    'http+unix://%2Fvar%2Frun%2Fdocker.sock/info',
  ]),
  ...rows(ABSOLUTE, 'invalid_url', ['file:///etc/passwd', 'unix:/var/run/docker.sock']),
];

/** Ports of a system's own services, on an address of the internet. */
const PORTS = rows(
  PORT,
  'address_refused',
  [0, 1, 22, 23, 25, 53, 81, 110, 389, 445, 636, 873, 993, 1_023].map((port) => `https://public.hostile.test:${port}/`),
);

export const HOSTILE_URLS: readonly HostileUrl[] = [...RANGES, ...SPELLINGS, ...OWN_NAMES, ...TRICKS, ...PORTS];

/** An address of the internet that is only ever answered, never connected to. */
const PUBLIC = '8.8.8.8';

/** Names that lead to what is refused, and what their name servers answer; all under `hostile.test`. */
export const HOSTILE_NAMES: ReadonlyArray<readonly [name: string, behaviour: Behaviour]> = [
  ['loopback', always(a('127.0.0.1'))],
  ['private', always(a('10.0.0.1', 300))],
  ['unspecified', always(a('0.0.0.0'))],
  ['metadata', always(a('169.254.169.254'))],
  ['broadcast', always(a('255.255.255.255'))],
  ['loopback6', always(aaaa('::1'))],
  ['unspecified6', always(aaaa('::'))],
  ['mapped', always(aaaa('::ffff:7f00:1'))],
  ['compatible', always(aaaa('0:0:0:0:0:0:808:808'))],
  ['translated', always(aaaa('64:ff9b::7f00:1'))],
  ['six-to-four', always(aaaa('2002:7f00:1::'))],
  ['local6', always(aaaa('fd00::1'))],
  ['link6', always(aaaa('fe80::1'))],
  ['all-refused', always(a('10.0.0.1'), a('192.168.0.1'), a('127.0.0.1'), aaaa('::1'), aaaa('fd00::1'))],
  ['alias', always({ type: 'CNAME', data: 'inner.hostile.test' }, { ...a('127.0.0.1'), name: 'inner.hostile.test' })],
  ['alias-of-localhost', always({ type: 'CNAME', data: 'localhost' }, { ...a('127.0.0.1'), name: 'localhost' })],
];

/** Names that are public when they are registered and lead to this machine from then on. */
export const REBINDING_NAMES: ReadonlyArray<readonly [name: string, behaviour: Behaviour]> = [
  ['rebinding', inTurn([a(PUBLIC)], [a('127.0.0.1')])],
  ['rebinding6', inTurn([aaaa('2a00:1450:4001::200e')], [aaaa('::1')])],
  ['rebinding-to-both', inTurn([a(PUBLIC)], [a('127.0.0.1'), aaaa('::1')])],
  ['rebinding-with-ttl', inTurn([a(PUBLIC, 3_600)], [a('127.0.0.1', 3_600)])],
  [
    'rebinding-alias',
    inTurn(
      [a(PUBLIC)],
      [
        { type: 'CNAME', data: 'x.test' },
        { ...a('127.0.0.1'), name: 'x.test' },
      ],
    ),
  ],
  ['rebinding-to-mapped', inTurn([a(PUBLIC)], [aaaa('::ffff:7f00:1')])],
];
