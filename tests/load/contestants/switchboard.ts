import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { ChatApi, type User } from '../clients/chat-api.ts';
import { HttpClient } from '../clients/http-client.ts';
import { connectLiveSocket } from '../clients/live-socket.ts';
import { markedText, readMarker } from '../clients/marker.ts';
import type { WebSocketClient } from '../clients/web-socket.ts';
import type { Shape } from '../shapes.ts';
import type { Contestant, IdleUser, Installation, RoomListener, Rooms, RunningServer } from './contestant.ts';
import { makeDataFolder, removeDataFolder } from './data-folder.ts';
import { ServerProcess } from './server-process.ts';

const repository = fileURLToPath(new URL('../../..', import.meta.url));
const httpConnections = 64;

interface ReadyLine {
  readonly event: string;
  readonly endpoint: string;
  readonly httpEndpoint: string;
  readonly caFile: string;
  readonly connectionString: string;
}

export interface SwitchboardOptions {
  /** Opens Node's inspector, for measurements from inside. Costs a thread, and nothing while it is not used. */
  readonly inspected?: boolean;
  /** Puts the live sockets on the TLS listener; everything else stays on the plain one. */
  readonly liveOverTls?: boolean;
}

/** Our server, over its plain HTTP listener, on embedded SQLite. */
export function switchboard(core: number, options: SwitchboardOptions = {}): Contestant<RunningSwitchboard> {
  return {
    name: 'switchboard',
    answersPushes: true,
    warmUpSeconds: 2,
    async install(): Promise<Installation<RunningSwitchboard>> {
      const dataFolder = await makeDataFolder();
      return { start: () => start({ core, dataFolder, ...options }), remove: () => removeDataFolder(dataFolder) };
    },
  };
}

interface StartOptions extends SwitchboardOptions {
  readonly core: number;
  readonly dataFolder: string;
}

async function start({ core, dataFolder, inspected, liveOverTls }: StartOptions): Promise<RunningSwitchboard> {
  const nodeFlags = [
    '--conditions=source',
    '--disable-warning=ExperimentalWarning',
    ...(inspected === true ? ['--inspect=127.0.0.1:0'] : []),
  ];
  const flags = ['start', '--json', '--port', '0', '--http-port', '0', '--data', dataFolder];
  const command = [process.execPath, ...nodeFlags, 'cli/src/main.ts', ...flags];
  const server = new ServerProcess({ core, command, cwd: repository });
  const inspectorUrl =
    inspected === true ? readInspectorUrl(server) : Promise.reject(new Error('the server was started without an inspector'));
  inspectorUrl.catch(() => undefined);
  const ready = await Promise.race([readReadyLine(server), server.failed]);
  const startMs = performance.now() - server.startedAtMs;
  const live =
    liveOverTls === true
      ? { port: portOf(ready.endpoint), ca: await readFile(ready.caFile, 'utf8') }
      : { port: portOf(ready.httpEndpoint) };
  return new RunningSwitchboard(server, { ready, live, inspectorUrl, startMs });
}

async function readReadyLine(server: ServerProcess): Promise<ReadyLine> {
  const { promise, resolve } = Promise.withResolvers<ReadyLine>();
  createInterface({ input: server.output }).on('line', (line) => {
    // What `--json` promises on standard output.
    const message = JSON.parse(line) as ReadyLine;
    if (message.event === 'ready') resolve(message);
  });
  return promise;
}

function portOf(endpoint: string): number {
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

/** The address Node prints on standard error when it opens its inspector. */
function readInspectorUrl(server: ServerProcess): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  createInterface({ input: server.errors }).on('line', (line) => {
    const url = /^Debugger listening on (ws:\S+)$/.exec(line)?.[1];
    if (url !== undefined) resolve(url);
  });
  return Promise.race([promise, server.failed]);
}

export class RunningSwitchboard implements RunningServer {
  readonly pid: number;
  readonly startMs: number;
  readonly api: ChatApi;
  /** Rejects when the server was started without. */
  readonly inspectorUrl: Promise<string>;
  readonly #server: ServerProcess;
  readonly #live: LiveEndpoint;

  constructor(server: ServerProcess, { ready, live, inspectorUrl, startMs }: Started) {
    const { host: authority } = new URL(ready.httpEndpoint);
    const key = /accesskey=([^;]+)/i.exec(ready.connectionString)?.[1] ?? '';
    this.pid = server.pid;
    this.startMs = startMs;
    this.inspectorUrl = inspectorUrl;
    this.#server = server;
    this.#live = live;
    this.api = new ChatApi(new HttpClient({ authority, port: portOf(ready.httpEndpoint), connections: httpConnections }), {
      key,
      authority,
    });
  }

  async openRooms(shape: Shape, listener: RoomListener): Promise<Rooms> {
    const rooms = await Promise.all(Array.from({ length: shape.rooms }, (_, room) => this.#openRoom(room, { shape, listener })));
    return new SwitchboardRooms(this.api, rooms);
  }

  async createIdleUsers(count: number): Promise<IdleUser[]> {
    const users = await this.api.createUsers(count);
    return users.map((user) => ({ connect: (onLost) => this.#connect(user, { answersPushes: false, onMessage: ignore, onLost }) }));
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
