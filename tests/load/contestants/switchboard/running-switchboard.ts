import { ChatApi, type User } from '../../clients/chat-api.ts';
import { HttpClient } from '../../clients/http-client.ts';
import { connectLiveSocket } from '../../clients/live-socket.ts';
import { markedText, readMarker } from '../../clients/marker.ts';
import type { WebSocketClient } from '../../clients/web-socket.ts';
import { mapConcurrently } from '../../concurrently.ts';
import type { Shape } from '../../shapes.ts';
import type { IdleUser, RoomListener, Rooms, RunningServer } from '../contestant.ts';
import type { ServerProcess } from '../server-process.ts';

const httpConnections = 64;
const roomsAtOnce = 8;

/** What `--json` promises on standard output, as far as the benches use it. */
export interface ReadyLine {
  readonly event: string;
  readonly endpoint: string;
  readonly httpEndpoint: string;
  readonly caFile: string;
  readonly connectionString: string;
  readonly adminKey: string;
}

export function portOf(endpoint: string): number {
  return Number(new URL(endpoint).port);
}

/** Where live sockets connect. */
interface LiveEndpoint {
  readonly port: number;
  readonly ca?: string;
}

interface Started {
  readonly ready: ReadyLine;
  readonly live: LiveEndpoint;
  readonly inspectorUrl: Promise<string>;
  readonly startMs: number;
}

export class RunningSwitchboard implements RunningServer {
  readonly pid: number;
  readonly startMs: number;
  readonly api: ChatApi;
  /** Rejects when the server was started without. */
  readonly inspectorUrl: Promise<string>;
  readonly #server: ServerProcess;
  readonly #live: LiveEndpoint;
  readonly #adminKey: string;

  constructor(server: ServerProcess, { ready, live, inspectorUrl, startMs }: Started) {
    const { host: authority } = new URL(ready.httpEndpoint);
    const key = /accesskey=([^;]+)/i.exec(ready.connectionString)?.[1] ?? '';
    this.pid = server.pid;
    this.startMs = startMs;
    this.inspectorUrl = inspectorUrl;
    this.#server = server;
    this.#live = live;
    this.#adminKey = ready.adminKey;
    this.api = new ChatApi(new HttpClient({ authority, port: portOf(ready.httpEndpoint), connections: httpConnections }), {
      key,
      authority,
    });
  }

  async openRooms(shape: Shape, listener: RoomListener): Promise<Rooms> {
    const indexes = Array.from({ length: shape.rooms }, (_, room) => room);
    const rooms = await mapConcurrently(indexes, { limit: roomsAtOnce, map: (room) => this.#openRoom(room, { shape, listener }) });
    return new SwitchboardRooms(this.api, rooms);
  }

  async createIdleUsers(count: number): Promise<IdleUser[]> {
    const users = await this.api.createUsers(count);
    return users.map((user) => ({ connect: (onLost) => this.#connect(user, { answersPushes: false, onMessage: ignore, onLost }) }));
  }

  /** Moves a virtual clock on by an ISO 8601 duration; resolves when all work that fell due has been done. */
  async advanceClock(by: string): Promise<void> {
    await this.admin('POST', '/admin/clock:advance', { by });
  }

  /** Calls the admin API; rejects when it refuses. */
  async admin<T>(method: string, target: string, body?: unknown): Promise<T> {
    const headers = { Authorization: `Bearer ${this.#adminKey}`, 'Content-Type': 'application/json' };
    const request = { method, target, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    const answer = await this.api.http.request(request);
    if (answer.status >= 300) throw new Error(`${method} ${target} was answered ${answer.status}: ${answer.body}`);
    // What the contract promises for the path, which the caller names.
    return (answer.body === '' ? undefined : JSON.parse(answer.body)) as T;
  }

  async stop(): Promise<void> {
    this.api.http.close();
    await this.#server.stop();
  }

  async kill(): Promise<void> {
    this.api.http.close();
    await this.#server.kill();
  }

  async #openRoom(room: number, { shape, listener }: { readonly shape: Shape; readonly listener: RoomListener }): Promise<Room> {
    const users = await this.api.createUsers(shape.members);
    const threadId = await this.api.createThread(users);
    const sockets = users.map((user, member) => {
      const onMessage = (sequence: number): void => listener.onMessage(room, member, sequence);
      return this.#connect(user, { answersPushes: shape.answersPushes, onMessage, onLost: listener.onLost });
    });
    return {
      users,
      threadId,
      sockets: await Promise.all(sockets),
      sendRequests: users.map((user) => this.api.sendRequest(user, threadId)),
    };
  }

  #connect(user: User, options: SocketOptions): Promise<WebSocketClient> {
    return connectLiveSocket({ http: this.api.http, ...this.#live, user, ...options });
  }
}

interface SocketOptions {
  readonly answersPushes: boolean;
  readonly onMessage: (sequence: number) => void;
  readonly onLost: (error: Error) => void;
}

interface Room {
  readonly users: readonly User[];
  readonly threadId: string;
  readonly sockets: readonly WebSocketClient[];
  /** By member. */
  readonly sendRequests: readonly ((text: string) => string)[];
}

class SwitchboardRooms implements Rooms {
  readonly #api: ChatApi;
  readonly #rooms: readonly Room[];

  constructor(api: ChatApi, rooms: readonly Room[]) {
    this.#api = api;
    this.#rooms = rooms;
  }

  send({ room, member, sequence }: { readonly room: number; readonly member: number; readonly sequence: number }): Promise<void> {
    const request = this.#rooms[room]?.sendRequests[member];
    if (request === undefined) throw new RangeError(`no member ${member} in room ${room}`);
    return this.#api.send(request(markedText(sequence)));
  }

  async newestStored(room: number): Promise<number | undefined> {
    const { users: [user] = [], threadId } = this.#rooms[room] ?? {};
    if (user === undefined || threadId === undefined) throw new RangeError(`no room ${room}`);
    return readMarker(JSON.stringify(await this.#api.call(this.#api.listRequest(user, threadId, 1), 200)));
  }

  close(): void {
    for (const { sockets } of this.#rooms) for (const socket of sockets) socket.close();
  }
}

function ignore(): void {
  // Nobody writes to an idle user.
}
