import ipaddr from 'ipaddr.js';
import type {
  INetworkPolicyPeer,
  INetworkPolicyPort,
  INetworkPolicySpec,
} from 'kubernetes-models/networking.k8s.io/v1';

import type { Installation, Pods } from '../installation.ts';
import { type Labels, selects } from './selectors.ts';

/** The other end of a connection: an address outside of the cluster, or a pod in a namespace. */
export type Peer = { readonly address: string } | { readonly namespace: Labels; readonly pod: Labels };

export interface Port {
  readonly protocol: 'TCP' | 'UDP';
  readonly number: number;
}

/** Whether the network policies let a pod connect to a peer, by Kubernetes' rules: one policy that allows it suffices, none allows all. */
export function mayConnect(installation: Installation, from: Pods, to: Peer, port: Port): boolean {
  return allows(policiesOf(installation, from, 'Egress'), ({ egress = [] }) =>
    egress.some((rule) => admits(rule.to, rule.ports, to, port, undefined)),
  );
}

/** Whether they let a peer connect to a pod. */
export function mayBeReached(installation: Installation, to: Pods, from: Peer, port: Port): boolean {
  return allows(policiesOf(installation, to, 'Ingress'), ({ ingress = [] }) =>
    ingress.some((rule) => admits(rule.from, rule.ports, from, port, to)),
  );
}

function policiesOf(
  installation: Installation,
  { labels }: Pods,
  direction: 'Ingress' | 'Egress',
): INetworkPolicySpec[] {
  return installation
    .all('NetworkPolicy')
    .flatMap(({ spec }) => (spec?.policyTypes?.includes(direction) && selects(spec.podSelector, labels) ? [spec] : []));
}

const allows = (policies: readonly INetworkPolicySpec[], admitted: (policy: INetworkPolicySpec) => boolean): boolean =>
  policies.length === 0 || policies.some(admitted);

function admits(
  peers: readonly INetworkPolicyPeer[] | undefined,
  ports: readonly INetworkPolicyPort[] | undefined,
  peer: Peer,
  port: Port,
  target: Pods | undefined,
): boolean {
  return (
    (!peers?.length || peers.some((given) => isPeer(given, peer))) &&
    (!ports?.length || ports.some((given) => isPort(given, port, target)))
  );
}

function isPeer({ ipBlock, namespaceSelector, podSelector }: INetworkPolicyPeer, peer: Peer): boolean {
  if ('address' in peer) {
    if (!ipBlock) return false;
    return within(peer.address, ipBlock.cidr) && !(ipBlock.except ?? []).some((range) => within(peer.address, range));
  }
  return (
    namespaceSelector !== undefined &&
    selects(namespaceSelector, peer.namespace) &&
    (podSelector === undefined || selects(podSelector, peer.pod))
  );
}

/** A port by name is the one that the target's container calls so. */
function isPort(given: INetworkPolicyPort, { protocol, number }: Port, target: Pods | undefined): boolean {
  if ((given.protocol ?? 'TCP') !== protocol) return false;
  if (given.port === undefined) return true;
  if (typeof given.port === 'string') {
    return (
      target?.app.ports?.some(({ name, containerPort }) => name === given.port && containerPort === number) === true
    );
  }
  return number >= given.port && number <= (given.endPort ?? given.port);
}

function within(address: string, range: string): boolean {
  const parsed = ipaddr.parse(address);
  const [network, bits] = ipaddr.parseCIDR(range);
  return parsed.kind() === network.kind() && parsed.match(network, bits);
}
