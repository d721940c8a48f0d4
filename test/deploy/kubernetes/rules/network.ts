import { AddressPolicy, PortPolicy } from '#libs/dispatch';

import type { Installation, Pods } from '../installation.ts';
import { mayBeReached, mayConnect, type Peer, type Port } from '../network/connections.ts';
import type { Rule } from '../rule.ts';

/** An address of each range that no endpoint may have, the metadata services of clouds among them. */
const NOT_PUBLIC = `
  0.0.0.1 10.0.0.1 10.255.255.254 100.64.0.1 100.127.255.254 127.0.0.1 169.254.0.1 169.254.169.254 172.16.0.1 172.31.255.254
  192.0.0.8 192.0.2.1 192.31.196.1 192.52.193.1 192.88.99.1 192.168.0.1 192.168.255.254 192.175.48.1 198.18.0.1 198.51.100.1
  203.0.113.1 224.0.0.1 240.0.0.1 255.255.255.255
  ::1 ::ffff:10.0.0.1 100::1 2001::1 2001:2::1 2001:db8::1 2002:a00:1::1 2620:4f:8000::1 3fff::1 5f00::1 fc00::1 fd00:ec2::254
  fdff::1 fe80::1 febf::1 fec0::1 ff02::1`
  .trim()
  .split(/\s+/);
const PUBLIC = [
  '1.1.1.1',
  '9.255.255.255',
  '11.0.0.1',
  '100.63.255.255',
  '172.15.255.255',
  '172.32.0.1',
  '193.0.0.1',
  '2606:4700::1111',
];
const HTTPS: Port = { protocol: 'TCP', number: 443 };
const SENDING = ['config', 'delivery', 'retry'];
/** What has spans to send. */
const TRACED = ['delivery', 'retry'];
const OTLP_PORT = 4_318;

const marked = (label: string): Peer => ({ namespace: { [`webhooks.voipbin.net/${label}`]: 'true' }, pod: {} });
const STRANGER: Peer = { namespace: { 'kubernetes.io/metadata.name': 'stranger' }, pod: {} };
const NAMES: Peer = { namespace: { 'kubernetes.io/metadata.name': 'kube-system' }, pod: { 'k8s-app': 'kube-dns' } };
const CONTROL_PLANE: Peer = {
  namespace: { 'kubernetes.io/metadata.name': 'kube-system' },
  pod: { component: 'apiserver' },
};
const NAME_PORTS: readonly Port[] = [
  { protocol: 'UDP', number: 53 },
  { protocol: 'TCP', number: 53 },
];
const STORE_PORTS: readonly Port[] = [9092, 9093, 8080, 27017].map((number) => ({ protocol: 'TCP', number }));
const APP_PORT: Port = { protocol: 'TCP', number: 8080 };

/** Compares what is with what has to be, for every pod. */
function connections(
  expected: (pods: Pods, installation: Installation) => Iterable<readonly [is: boolean, has: boolean, what: string]>,
) {
  return (installation: Installation): string[] =>
    installation
      .pods()
      .flatMap((pods) =>
        [...expected(pods, installation)].flatMap(([is, has, what]) =>
          is === has ? [] : [`${pods.name}: ${what} is ${is ? 'possible' : 'not possible'}`],
        ),
      );
}

const policy =
  (name: string, change: (spec: NonNullable<ReturnType<typeof specOf>>) => void) => (installation: Installation) =>
    change(specOf(installation, name));
const specOf = (installation: Installation, name: string) => installation.one('NetworkPolicy', name).spec!;

export const networkRules: readonly Rule[] = [
  {
    name: 'what sends to endpoints reaches public addresses, nothing else does',
    problems: connections((pods, installation) =>
      PUBLIC.map((address) => [
        mayConnect(installation, pods, { address }, HTTPS),
        SENDING.includes(pods.name),
        address,
      ]),
    ),
    broken: {
      'no way out': (installation) => installation.remove('NetworkPolicy', 'endpoints'),
      'no policy at all': (installation) => {
        for (const { metadata } of installation.all('NetworkPolicy'))
          installation.remove('NetworkPolicy', metadata.name);
      },
      'a way out for all': policy('endpoints', (spec) => (spec.podSelector = {})),
      'no IPv6': policy('endpoints', (spec) => spec.egress![0]!.to!.pop()),
    },
  },
  {
    name: 'no pod reaches an address that is not public, as the apps themselves see it',
    problems: (installation) => {
      const own = new AddressPolicy([], new Set());
      const disputed = [
        ...NOT_PUBLIC.filter((address) => own.allows(address)),
        ...PUBLIC.filter((address) => !own.allows(address)),
      ];
      const reached = connections((pods) =>
        NOT_PUBLIC.map((address) => [mayConnect(installation, pods, { address }, HTTPS), false, address]),
      );
      return [...disputed.map((address) => `the apps see ${address} otherwise`), ...reached(installation)];
    },
    broken: Object.fromEntries(
      [
        ['10.0.0.0/8', 0],
        ['100.64.0.0/10', 0],
        ['127.0.0.0/8', 0],
        ['169.254.0.0/16', 0],
        ['172.16.0.0/12', 0],
        ['192.168.0.0/16', 0],
        ['2002::/16', 1],
      ].map(([range, block]) => [
        `${range} is not left out`,
        policy('endpoints', (spec) => {
          const { ipBlock } = spec.egress![0]!.to![Number(block)]!;
          ipBlock!.except = ipBlock!.except!.filter((given) => given !== range);
        }),
      ]),
    ),
  },
  {
    name: 'endpoints are reached on the ports that the apps allow',
    problems: (installation) => {
      const own = new PortPolicy([], false);
      const [address = ''] = PUBLIC;
      const compared = connections((pods) =>
        [22, 25, 80, 443, 444, 1_023, 1_024, 8_443, 65_535].map((number) => [
          mayConnect(installation, pods, { address }, { protocol: 'TCP', number }),
          SENDING.includes(pods.name) && own.allows(number),
          `port ${number}`,
        ]),
      );
      return compared(installation);
    },
    broken: {
      'every port': policy('endpoints', (spec) => delete spec.egress![0]!.ports),
      'https only': policy('endpoints', (spec) => spec.egress![0]!.ports!.pop()),
    },
  },
  {
    name: 'every pod reaches the stores and the name servers, and no other pod',
    problems: connections(function* (pods, installation) {
      for (const port of STORE_PORTS) {
        yield [mayConnect(installation, pods, marked('stores'), port), true, `a store on ${port.number}`];
        yield [mayConnect(installation, pods, STRANGER, port), false, `a stranger on ${port.number}`];
      }
      for (const port of NAME_PORTS) {
        yield [mayConnect(installation, pods, NAMES, port), true, `a name server by ${port.protocol}`];
        yield [mayConnect(installation, pods, STRANGER, port), false, `a stranger's name server by ${port.protocol}`];
      }
      yield [mayConnect(installation, pods, NAMES, HTTPS), false, 'a name server on 443'];
      yield [mayConnect(installation, pods, CONTROL_PLANE, HTTPS), false, 'the control plane'];
    }),
    broken: {
      'no stores': (installation) => installation.remove('NetworkPolicy', 'stores'),
      'no names': (installation) => installation.remove('NetworkPolicy', 'names'),
      'names by TCP only': policy('names', (spec) => spec.egress![0]!.ports!.shift()),
      'every namespace is a store': policy('stores', (spec) => {
        spec.egress![0]!.to = [{ namespaceSelector: {} }];
      }),
      'all of kube-system': policy('names', (spec) => {
        delete spec.egress![0]!.to![0]!.podSelector;
        delete spec.egress![0]!.ports;
      }),
    },
  },
  {
    name: 'what delivers reaches a collector where the monitoring is, and nothing else there',
    problems: connections(function* (pods, installation) {
      const otlp = { protocol: 'TCP', number: OTLP_PORT } as const;
      yield [mayConnect(installation, pods, marked('monitoring'), otlp), TRACED.includes(pods.name), 'a collector'];
      yield [mayConnect(installation, pods, marked('monitoring'), HTTPS), false, 'monitoring on 443'];
      yield [mayConnect(installation, pods, STRANGER, otlp), false, 'a stranger on the port of a collector'];
    }),
    broken: {
      'no traces': (installation) => installation.remove('NetworkPolicy', 'traces'),
      'traces from everywhere': policy('traces', (spec) => (spec.podSelector = {})),
      'every port of the monitoring': policy('traces', (spec) => delete spec.egress![0]!.ports),
      'collectors everywhere': policy('traces', (spec) => delete spec.egress![0]!.to),
    },
  },
  {
    name: 'clients reach config, what monitors reaches every app, and nobody else reaches anything',
    problems: connections(function* (pods, installation) {
      const { owner, name } = pods;
      yield [mayBeReached(installation, pods, marked('clients'), APP_PORT), name === 'config', 'a client'];
      yield [mayBeReached(installation, pods, marked('monitoring'), APP_PORT), owner === 'Deployment', 'monitoring'];
      yield [
        mayBeReached(installation, pods, marked('monitoring'), { protocol: 'TCP', number: 9229 }),
        false,
        'the debugger',
      ];
      for (const peer of [STRANGER, marked('stores'), { address: '1.1.1.1' }]) {
        yield [mayBeReached(installation, pods, peer, APP_PORT), false, `a connection from ${JSON.stringify(peer)}`];
      }
    }),
    broken: {
      'no clients': (installation) => installation.remove('NetworkPolicy', 'clients'),
      'no monitoring': (installation) => installation.remove('NetworkPolicy', 'metrics'),
      'nothing is refused': (installation) => {
        installation.remove('NetworkPolicy', 'default-deny');
      },
      'clients of every app': policy('clients', (spec) => (spec.podSelector = {})),
      'everybody is a client': policy('clients', (spec) => delete spec.ingress![0]!.from),
      'every port is monitored': policy('metrics', (spec) => delete spec.ingress![0]!.ports),
    },
  },
];
