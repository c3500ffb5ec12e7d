import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Backlog, SlowReader } from '../lib/backlog.ts';

/** What a socket takes without asking its writer to pause; less than that is not worth counting. */
const COUNTED_FROM_BYTES = 16_384;
/** How long a client may take nothing at all of its answer; longer than any request waits, so that none that is served meanwhile is cut. */
const STALL_MS = 120_000;

/** Answers that are written and not taken by their clients: large ones wait in memory for as long as the client likes to let them. */
export class UnreadAnswers {
  readonly #backlog: Backlog;
  readonly #bySocket = new Map<Socket, UnreadOfSocket>();

  constructor(backlog: Backlog) {
    this.#backlog = backlog;
  }

  /** To be called when an answer was written whole. */
  watch(socket: Socket, response: ServerResponse): void {
    if (response.writableLength < COUNTED_FROM_BYTES || socket.destroyed) return;
    const unread = this.#unreadOf(socket);
    unread.responses.add(response);
    response.once('finish', () => {
      unread.responses.delete(response);
      this.#backlog.note(unread, unread.bufferedBytes);
    });
    // Node ends a socket whose time is over, and sets another one when all answers are taken. A write that goes on counts as activity.
    socket.setTimeout(STALL_MS);
    this.#backlog.note(unread, unread.bufferedBytes);
  }

  /** Of all answers of a connection: one that sends its requests in a row is owed as many. */
  #unreadOf(socket: Socket): UnreadOfSocket {
    const known = this.#bySocket.get(socket);
    if (known !== undefined) return known;
    const unread = new UnreadOfSocket(socket);
    this.#bySocket.set(socket, unread);
    socket.once('close', () => {
      this.#bySocket.delete(socket);
      unread.responses.clear();
      this.#backlog.note(unread, 0);
    });
    return unread;
  }
}

class UnreadOfSocket implements SlowReader {
  readonly responses = new Set<ServerResponse>();
  readonly #socket: Socket;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  get bufferedBytes(): number {
    let bytes = 0;
    for (const { writableLength } of this.responses) bytes += writableLength;
    return bytes;
  }

  cut(): void {
    this.#socket.destroy();
  }
}
