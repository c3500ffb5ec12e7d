import type { TokenGrant, UserKey } from '../../http/index.ts';
import type { LiveTransport } from './live-transport.ts';
import { encodePacket, type PacketFault, parsePacket } from './packet.ts';

export interface LiveConnectionOptions {
  readonly ccid: string;
  readonly grant: TokenGrant;
  readonly monotonicMs: () => number;
}

/** One live connection of a user: packets of socket.io 0.9 over some transport, carrying pushed requests. */
export class LiveConnection {
  readonly ccid: string;
  readonly user: UserKey;
  grant: TokenGrant;
  /** The client's registration. Pushes go only to registered connections; the client may not be ready before. */
  registration: string | undefined;
  /** When the client was last heard, monotonic milliseconds. */
  heardMs: number;
  #transport: LiveTransport | undefined;
  readonly #options: LiveConnectionOptions;
  /** Everything of a pushed request between its number and the event's common members, see {@link flat}. */
  readonly #middle: string;
  #pushes = 0;
  #isFrozen = false;

  constructor(options: LiveConnectionOptions) {
    this.#options = options;
    this.ccid = options.ccid;
    this.grant = options.grant;
    const { identity } = options.grant;
    this.user = userOf(options.grant);
    this.heardMs = options.monotonicMs();
    const recipient = JSON.stringify(
      `{"recipientId":${JSON.stringify(identity.replace(/^8:/, ''))},"recipientMri":${JSON.stringify(identity)},`,
    );
    this.#middle = flat(
      `,"method":"POST","url":"${pushPath(this.ccid)}","headers":{"Content-Type":"application/json","MS-CV":"${this.ccid}.0"},"body":${recipient.slice(0, -1)}`,
    );
  }

  get transport(): 'websocket' | 'longPolling' {
    return this.#transport?.isPolled === true ? 'longPolling' : 'websocket';
  }

  /** Whether it ends with the very token it was opened with: every poll carries that one. */
  get isBoundToToken(): boolean {
    return this.transport === 'longPolling';
  }

  /** Greets the client. */
  open(transport: LiveTransport, greeting: readonly string[]): void {
    this.#transport = transport;
    for (const packet of greeting) transport.sendLatin1(packet);
  }

  /** @param tail from `pushTail` */
  push(tail: string): void {
    this.#pushes += 1;
    this.#transport?.sendLatin1(`3:::{"id":${this.#pushes}${this.#middle}${tail}"}`);
  }

  /** Asks the client for another connection, made with the token it has by now; this one stays until then. */
  askToRenew(): void {
    const args = [{ target: 'self' }];
    this.#transport?.sendLatin1(encodePacket({ type: 'event', endpoint: '', ack: undefined, name: 'trouter.reconnect', args }));
  }

  /** Not needed by a client that polls. */
  heartbeat(): void {
    if (this.#transport?.isPolled !== true) this.#transport?.sendLatin1('2::');
  }

  /** Handles one packet of the client; anything malformed ends the connection. @returns what is wrong with it */
  receive(text: string): PacketFault | undefined {
    if (this.#isFrozen) return undefined;
    this.heard();
    const parsed = parsePacket(text);
    if (!parsed.ok) {
      this.#transport?.close(1002, parsed.reason);
      return parsed.reason;
    }
    const { packet } = parsed;
    if (packet.type === 'disconnect') this.#transport?.close(1000);
    else if (packet.type === 'event' && packet.ack !== undefined) this.#acknowledge(packet.ack.id, packet.name);
    // Answers to pushes (`3:::`), heartbeats and noops only show that the client is there.
    return undefined;
  }

  /** The client has shown that it is there. */
  heard(): void {
    if (!this.#isFrozen) this.heardMs = this.#options.monotonicMs();
  }

  /** Neither sends nor hears anything any more, and lets the client believe that it stands; it ends for its silence. */
  freeze(): void {
    this.#isFrozen = true;
    this.#transport?.freeze();
  }

  /** Tells the client to go, and why; it reconnects with a fresh token by itself. */
  disconnect(reason: 'unauthorized' | 'server-stopping'): void {
    this.#transport?.sendLatin1(
      encodePacket({ type: 'disconnect', endpoint: '', reason: reason === 'unauthorized' ? '{"reason":"unauthorized"}' : '' }),
    );
    this.#transport?.close(reason === 'unauthorized' ? 1008 : 1001, reason);
  }

  terminate(reason: string): void {
    this.#transport?.terminate(reason);
  }

  /** Clients ask for it after every push and look at it only to tell, after seconds, whether the server is there. */
  #acknowledge(ackId: number, name: string): void {
    this.#transport?.sendAlong(encodePacket({ type: 'ack', endpoint: '', ackId, args: name === 'ping' ? ['pong'] : [] }));
  }
}

/** An ASCII text in one piece: one that was put together is kept as its parts, which every write would gather again. */
function flat(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1');
}

export function userOf(grant: TokenGrant): UserKey {
  return { resourceId: grant.resourceId, id: grant.identity };
}

export function pushPath(ccid: string): string {
  return `/v4/f/${ccid}/`;
}

/** The connection id in a registered path or address; undefined when it is not one of ours. */
export function ccidOf(path: string): string | undefined {
  return /\/v4\/f\/([\w-]{1,64})\/?$/.exec(path)?.[1];
}
