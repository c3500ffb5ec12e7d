import type { Socket } from 'node:net';
import { readFrames, textFrame } from './frames.ts';
import { pushHead } from './payload.ts';

/** An acknowledgement may wait so long for a push that takes it along; the stock client waits 5 s for it. */
const ackWaitMs = 50;
const noBytes = Buffer.alloc(0);

/** Sockets with something to write after this turn of the event loop. */
let dirty: MemberSocket[] = [];

/** One member's live socket. What it is sent in one turn of the event loop leaves in one write. */
export class MemberSocket {
  readonly #socket: Socket;
  #outgoing = '';
  #acks = '';
  #ackTimer: NodeJS.Timeout | undefined;
  #pushes = 0;
  #rest: Buffer = noBytes;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.#read(chunk));
    socket.on('error', () => socket.destroy());
    socket.on('close', () => clearTimeout(this.#ackTimer));
  }

  /** `tail`: what is the same for all members (payload.ts). */
  push(tail: string): void {
    if (this.#outgoing === '') {
      if (dirty.length === 0) setImmediate(flushDirty);
      dirty.push(this);
    }
    this.#outgoing += textFrame(`${pushHead((this.#pushes += 1))}${tail}`);
  }

  flush(): void {
    const text = this.#acks + this.#outgoing;
    if (text !== '') this.#socket.write(text, 'latin1');
    this.#outgoing = '';
    this.#acks = '';
    clearTimeout(this.#ackTimer);
    this.#ackTimer = undefined;
  }

  #read(chunk: Buffer): void {
    const data = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const taken = readFrames(data, (text) => this.#handle(text));
    if (taken === undefined) this.#socket.destroy();
    else this.#rest = taken === data.length ? noBytes : data.subarray(taken);
  }

  /** Responses to pushes (`3:::`) need nothing; events (`5:ID+::`) want an acknowledgement. */
  #handle(packet: string): void {
    if (!packet.startsWith('5:')) return;
    this.#acks += textFrame(`6:::${packet.slice(2, packet.indexOf('+'))}+["pong"]`);
    this.#ackTimer ??= setTimeout(() => this.flush(), ackWaitMs);
  }
}

function flushDirty(): void {
  const sockets = dirty;
  dirty = [];
  for (const socket of sockets) socket.flush();
}
