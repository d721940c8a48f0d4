import type { Clock } from '#libs/domain';
import { type Environment, SecretBox } from '#libs/runtime';

import { resolveWith } from '../network/name-resolver.ts';
import { Dispatcher } from './dispatcher.ts';

/** The dispatcher that the environment describes. */
export function dispatcherFor(environment: Environment, clock: Clock): Dispatcher {
  return new Dispatcher({
    secretBox: new SecretBox(environment.SECRETS_KEY),
    clock,
    timeoutMs: environment.DELIVERY_TIMEOUT_MS,
    allowedNetworks: environment.ALLOWED_NETWORKS,
    allowedPorts: environment.ALLOWED_PORTS,
    allowHttp: environment.ALLOW_HTTP_ENDPOINTS,
    extraCa: environment.EXTRA_CA_FILE,
    resolve: resolveWith(environment.DNS_SERVERS),
  });
}
