import { lookup as resolve, type LookupAddress } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** `any`: every address may be called. `public`: none that lies inside this machine or a private network. */
export type Egress = 'any' | 'public';

/** The server was told not to call such an address. */
export class EgressError extends Error {
  constructor(host: string) {
    super(`${host} is no public address`);
    this.name = 'EgressError';
  }
}

/**
 * Where the server may open connections to when somebody else names the target: webhooks, files to fetch, callbacks. Names
 * are judged by the addresses they resolve to, and the connection is made to the very address that was judged.
 */
export class EgressPolicy {
  readonly #egress: Egress;

  constructor(egress: Egress) {
    this.#egress = egress;
  }

  /** @throws EgressError for an address literal that may not be called; names are judged by {@link lookup} */
  check(url: URL): void {
    const host = url.hostname.replace(/^\[|\]$/g, '');
    if (isIP(host) !== 0 && !this.#allows(host)) throw new EgressError(host);
  }

  /** For `lookup` of a socket. */
  readonly lookup: LookupFunction = (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, found) => {
      if (error !== null) return callback(error, '', 0);
      const allowed = found.filter(({ address }) => this.#allows(address));
      const first = allowed[0];
      if (first === undefined) return callback(new EgressError(hostname), '', 0);
      if (options.all === true) (callback as (error: null, all: LookupAddress[]) => void)(null, allowed);
      else callback(null, first.address, first.family);
    });
  };

  #allows(address: string): boolean {
    return this.#egress === 'any' || !NOT_PUBLIC.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
  }
}

/** Special-purpose ranges of the IANA registries (RFC 6890 and its successors) that are no public unicast addresses. */
const NOT_PUBLIC = new BlockList();
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
  NOT_PUBLIC.addSubnet(net, bits, 'ipv4');
// Only 2000::/3 is global unicast; of it, what embeds an IPv4 address or is set aside. A v4-mapped address is judged by
// the IPv4 rules as well: BlockList looks through it.
for (const [net, bits] of [
  ['::', 3],
  ['4000::', 2],
  ['8000::', 1],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const)
  NOT_PUBLIC.addSubnet(net, bits, 'ipv6');
