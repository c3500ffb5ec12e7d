import { isIP } from 'node:net';

/** RFC 1035 section 2.3.4. */
const LONGEST_NAME = 253;
/** Labels of RFC 1123 section 2.1, plus the underscore that browsers accept in practice. */
const NAME = /^\w(?:[\w-]{0,61}\w)?(?:\.\w(?:[\w-]{0,61}\w)?)*$/;

const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '::1'];
const UNSPECIFIED_ADDRESSES = ['0.0.0.0', '::'];

/**
 * The lower-case host name in a server name indication, or undefined when it is none. RFC 6066 section 3 allows neither IP
 * addresses nor a trailing dot.
 */
export function hostNameOf(text: string): string | undefined {
  if (text.length > LONGEST_NAME || isIP(text) !== 0) return undefined;
  // Lower case comes after the check: it turns the Kelvin sign into a plain k.
  return NAME.test(text) ? text.toLowerCase() : undefined;
}

/**
 * The names of the default leaf: loopback and `extraNames` (host names or IP addresses, such as bind addresses), each once.
 * Unspecified addresses name no host and are left out. Throws when an extra name is neither a host name nor an address.
 */
export function defaultNames(extraNames: readonly string[]): readonly string[] {
  return [...new Set([...LOOPBACK_NAMES, ...extraNames.map(checkedName)])].filter((name) => !UNSPECIFIED_ADDRESSES.includes(name));
}

function checkedName(text: string): string {
  const name = isIP(text) === 0 ? hostNameOf(text) : addressOf(text);
  if (name === undefined)
    throw new Error(`a certificate cannot be made for ${JSON.stringify(text)}: it is neither a host name nor an IP address`);
  return name;
}

/** One spelling for each address, without a dotted part and without a zone (`%eth0`), which means something on this machine only. */
function addressOf(text: string): string {
  return isIP(text) === 4 ? text : new URL(`http://[${text.split('%', 1).join()}]`).hostname.slice(1, -1);
}
