import { mapConcurrently } from '../concurrently.ts';
import { formatRequest, HttpClient } from '../clients/http-client.ts';
import { markedText, readMarker } from '../clients/marker.ts';
import type { MemberSocketOptions } from '../clients/member-socket.ts';
import type { Shape } from '../shapes.ts';
import type { IdleUser, RoomListener, Rooms, RunningServer } from './contestant.ts';
import type { NodeServer } from './node-server.ts';
import type { ServerProcess } from './server-process.ts';

const httpConnections = 64;
const roomsAtOnce = 8;

/** What differs between the bench's own servers. */
export interface RoomProtocol {
  /** The headers with which a user sends. */
  readonly headersOf: (http: HttpClient, user: string) => Promise<Readonly<Record<string, string>>>;
  readonly connect: (options: MemberSocketOptions) => Promise<{ close(): void }>;
}

/**
 * Drives a server of the bench's own: `POST /rooms/N/messages` stores and pushes, `GET /rooms/N/messages/newest` reads
 * back, live sockets are the protocol's.
 */
export class RunningRoomServer implements RunningServer {
  readonly pid: number;
  readonly startMs: number;
  readonly #process: ServerProcess;
  readonly #protocol: RoomProtocol;
  readonly #port: number;
  readonly #http: HttpClient;

  constructor(server: NodeServer, protocol: RoomProtocol) {
    this.pid = server.process.pid;
    this.startMs = server.startMs;
    this.#process = server.process;
    this.#protocol = protocol;
    this.#port = server.port;
    this.#http = new HttpClient({ authority: `localhost:${server.port}`, port: server.port, connections: httpConnections });
  }

  async openRooms(shape: Shape, listener: RoomListener): Promise<Rooms> {
    const indexes = Array.from({ length: shape.rooms }, (_, room) => room);
    const rooms = await mapConcurrently(indexes, { limit: roomsAtOnce, map: (room) => this.#openRoom(room, { shape, listener }) });
    return new HttpRooms(this.#http, rooms);
  }

  createIdleUsers(count: number): Promise<IdleUser[]> {
    const user: IdleUser = {
      connect: (onLost) => this.#connect({ room: undefined, answersPushes: false, onMessage: () => undefined, onLost }),
    };
    return Promise.resolve(Array.from({ length: count }, () => user));
  }

  async stop(): Promise<void> {
    this.#http.close();
    await this.#process.stop();
  }

  async kill(): Promise<void> {
    this.#http.close();
    await this.#process.kill();
  }

  async #openRoom(room: number, { shape, listener }: { readonly shape: Shape; readonly listener: RoomListener }): Promise<Room> {
    const members = Array.from({ length: shape.members }, (_, member) => member);
    const sockets = members.map((member) => {
      const onMessage = (sequence: number): void => listener.onMessage(room, member, sequence);
      return this.#connect({ room, answersPushes: shape.answersPushes, onMessage, onLost: listener.onLost });
    });
    return {
      sockets: await Promise.all(sockets),
      requests: await Promise.all(members.map((member) => this.#sendRequest(room, `user-${room}-${member}`))),
    };
  }

  #connect(options: Omit<MemberSocketOptions, 'authority' | 'port'>): Promise<{ close(): void }> {
    return this.#protocol.connect({ authority: this.#http.authority, port: this.#port, ...options });
  }

  /** Everything of a user's send request but the text, which must be ASCII and of the length of any marked text. */
  async #sendRequest(room: number, user: string): Promise<(text: string) => string> {
    const headers = { ...(await this.#protocol.headersOf(this.#http, user)), 'Content-Type': 'application/json' };
    const body = JSON.stringify({ sender: user, content: markedText(0) });
    const sample = formatRequest(this.#http.authority, { method: 'POST', target: `/rooms/${room}/messages`, headers, body });
    const [before = '', after = ''] = sample.split(markedText(0));
    return (text) => `${before}${text}${after}`;
  }
}

interface Room {
  readonly sockets: readonly { close(): void }[];
  /** By member. */
  readonly requests: readonly ((text: string) => string)[];
}

class HttpRooms implements Rooms {
  readonly #http: HttpClient;
  readonly #rooms: readonly Room[];

  constructor(http: HttpClient, rooms: readonly Room[]) {
    this.#http = http;
    this.#rooms = rooms;
  }

  async send({ room, member, sequence }: { readonly room: number; readonly member: number; readonly sequence: number }): Promise<void> {
    const request = this.#rooms[room]?.requests[member];
    if (request === undefined) throw new RangeError(`no member ${member} in room ${room}`);
    const { status, body } = await this.#http.exchange(request(markedText(sequence)));
    if (status !== 201) throw new Error(`a send was answered ${status}: ${body}`);
  }

  async newestStored(room: number): Promise<number | undefined> {
    return readMarker((await this.#http.request({ method: 'GET', target: `/rooms/${room}/messages/newest` })).body);
  }

  close(): void {
    for (const { sockets } of this.#rooms) for (const socket of sockets) socket.close();
  }
}
