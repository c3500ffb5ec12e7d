import { lookup } from 'node:dns/promises';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/** Loopback, link-local and private addresses, as far as names of machines have them. */
const PRIVATE = /^(?:127\.|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|::1$|f[cde])/i;

/** A name, other than localhost, that resolves to an address inside this machine or its network. */
export async function privateName(): Promise<{ readonly name: string; readonly address: string }> {
  for (const name of [hostname(), ...hostsFile()]) {
    if (name.includes('localhost')) continue;
    const found = await lookup(name, { all: true }).catch(() => []);
    const [first] = found;
    if (first !== undefined && found.every(({ address }) => PRIVATE.test(address))) return { name, address: first.address };
  }
  throw new Error('no name of this machine resolves to a private address: give it one in /etc/hosts');
}

function hostsFile(): string[] {
  const lines = readFileSync('/etc/hosts', 'utf8').split('\n');
  return lines.flatMap((line) => line.replace(/#.*/, '').trim().split(/\s+/).slice(1));
}
