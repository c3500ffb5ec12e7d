import { lookup as resolveByDns, type LookupAddress } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** `any`: every address may be called. `public`: none that lies inside this machine or a private network. */
export type Egress = 'any' | 'public';

/** The server was told not to call such an address. */
export class EgressError extends Error {
  constructor(host: string) {
    super(`${host} has no public address, and this server calls no others (--egress public)`);
    this.name = 'EgressError';
  }
}

/** All addresses of a host name. */
export type Resolve = (
  hostname: string,
  options: { readonly all: true; readonly family?: number | 'IPv4' | 'IPv6' },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/**
 * Where the server may open connections to when somebody else names the target: webhooks, files to fetch, callbacks. Names
 * are judged by the addresses they resolve to, and the connection is made to the very address that was judged.
 */
export class EgressPolicy {
  readonly #egress: Egress;
  readonly #resolve: Resolve;

  constructor(egress: Egress, resolve: Resolve = resolveByDns) {
    this.#egress = egress;
    this.#resolve = resolve;
  }

  /**
   * Judges what can be judged without asking a name server. A URL has its host normalised: decimal, octal and hexadecimal
   * forms of an address are dotted here.
   *
   * @throws EgressError for an address that may not be called, and for names that always mean this machine
   */
  check(url: URL): void {
    if (this.#egress === 'any') return;
    const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
    // RFC 6761 section 6.3.
    const isLocal = host === 'localhost' || host.endsWith('.localhost');
    if (isLocal || (isIP(host) !== 0 && !this.#allows(host))) throw new EgressError(host);
  }

  /** For `lookup` of a socket. */
  readonly lookup: LookupFunction = (hostname, options, callback) => {
    const { family } = options;
    this.#resolve(hostname, { all: true, ...(family === undefined ? {} : { family }) }, (error, found) => {
      if (error !== null) return callback(error, '', 0);
      const allowed = found.filter(({ address }) => this.#allows(address));
      const first = allowed[0];
      if (first === undefined) return callback(new EgressError(hostname), '', 0);
      if (options.all === true) (callback as (error: null, all: LookupAddress[]) => void)(null, allowed);
      else callback(null, first.address, first.family);
    });
  };

  #allows(address: string): boolean {
    if (this.#egress === 'any') return true;
    // An address with a zone is of this machine's own links (RFC 4007), and a list of ranges does not match it.
    if (address.includes('%')) return false;
    const kind = isIP(address);
    return kind !== 0 && !(kind === 6 ? NOT_PUBLIC_V6.check(address, 'ipv6') : NOT_PUBLIC_V4.check(address, 'ipv4'));
  }
}

/**
 * Special-purpose ranges of the IANA registries (RFC 6890 and its successors) that are no public unicast addresses. A list
 * for each family: one for both would find every IPv4 address, as a mapped one, in the first range of IPv6.
 */
const NOT_PUBLIC_V4 = new BlockList();
const NOT_PUBLIC_V6 = new BlockList();
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const)
  NOT_PUBLIC_V4.addSubnet(net, bits, 'ipv4');
// Only 2000::/3 is global unicast; of it, what embeds an IPv4 address or is set aside. What maps or translates an IPv4
// address (::ffff:0:0/96, 64:ff9b::/96 and 64:ff9b:1::/48) lies in the first of these ranges.
for (const [net, bits] of [
  ['::', 3],
  ['4000::', 2],
  ['8000::', 1],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const)
  NOT_PUBLIC_V6.addSubnet(net, bits, 'ipv6');
