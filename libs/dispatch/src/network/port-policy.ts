/** Ports below this one belong to the services of a system, such as mail, SSH and LDAP. */
const FIRST_FREE_PORT = 1_024;
const HTTPS_PORT = 443;
const HTTP_PORT = 80;

/** Says which ports webhooks may point to: that of https (and of http where it is allowed), those from 1024 on, and those that the operator names. */
export class PortPolicy {
  private readonly allowed: ReadonlySet<number>;

  /** @param allowed ports below 1024 that are exempt from the block. */
  constructor(allowed: readonly number[], allowHttp: boolean) {
    this.allowed = new Set([HTTPS_PORT, ...(allowHttp ? [HTTP_PORT] : []), ...allowed]);
  }

  allows(port: number): boolean {
    return port >= FIRST_FREE_PORT || this.allowed.has(port);
  }
}
