import type { BenchOptions } from '../options.ts';
import type { Contestant } from './contestant.ts';
import { ejabberd } from './ejabberd/ejabberd.ts';
import { nats } from './nats/nats.ts';
import { nodeReference } from './node-reference/node-reference.ts';
import { socketIo } from './socket-io/socket-io.ts';

const peers: Readonly<Record<string, (core: number) => Contestant>> = {
  ejabberd,
  'socket.io': socketIo,
  nats,
  'node-reference': nodeReference,
};

export const peerNames: readonly string[] = Object.keys(peers);

/** The peers the options name, or all. */
export function selectPeers({ cores, peers: wanted }: BenchOptions): Contestant[] {
  return Object.entries(peers)
    .filter(([name]) => wanted.length === 0 || wanted.includes(name))
    .map(([, make]) => make(cores.server));
}
