import { execFileSync } from 'node:child_process';
import { chown, writeFile } from 'node:fs/promises';
import { connect, createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { HttpClient } from '../clients/http-client.ts';
import { markedText, readMarker } from '../clients/marker.ts';
import { XmppSocket } from '../clients/xmpp-socket.ts';
import type { Shape } from '../shapes.ts';
import type { Contestant, IdleUser, Installation, RoomListener, Rooms, RunningServer } from './contestant.ts';
import { makeDataFolder, removeDataFolder } from './data-folder.ts';
import { domain, ejabberdConfig, roomDomain } from './ejabberd-config.ts';
import { ServerProcess } from './server-process.ts';

const osUser = 'ejabberd';
const password = 'bench';
const readyPollMs = 2;
const httpConnections = 16;

/** ejabberd from Debian's package, as an instance of its own: own folder, own configuration, not the system's service. */
export function ejabberd(core: number): Contestant {
  return {
    name: 'ejabberd',
    // Its code is compiled when loaded, and each message in a room's mnesia archive makes the next one dearer.
    warmUpSeconds: 0.5,
    async install(): Promise<Installation> {
      const libraries = findLibraries();
      const folder = await makeDataFolder();
      const owner = process.getuid?.() === 0 ? await giveToOsUser(folder) : [];
      return { start: () => start({ core, folder, libraries, owner }), remove: () => removeDataFolder(folder) };
    },
  };
}

/** Where Debian keeps ejabberd and the Erlang libraries it uses. */
function findLibraries(): string {
  try {
    const files = execFileSync('dpkg', ['-L', 'ejabberd'], { encoding: 'utf8', stdio: 'pipe' });
    const application = files.split('\n').find((file) => file.endsWith('/ebin/ejabberd.app'));
    if (application !== undefined) return join(application, '../../..');
  } catch {
    // Said below, for both reasons.
  }
  throw new Error('ejabberd is not installed: apt-get install ejabberd erlang-p1-sqlite3');
}

/** The command prefix that runs as the package's own user, who then owns the folder. */
async function giveToOsUser(folder: string): Promise<string[]> {
  const [uid, gid] = ['-u', '-g'].map((flag) => Number(execFileSync('id', [flag, osUser], { encoding: 'utf8' })));
  await chown(folder, uid ?? 0, gid ?? 0);
  return ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups'];
}

interface StartOptions {
  readonly core: number;
  readonly folder: string;
  readonly libraries: string;
  /** What to put before the command so that the folder's owner runs it. */
  readonly owner: readonly string[];
}

async function start({ core, folder, libraries, owner }: StartOptions): Promise<RunningServer> {
  const port = await freePort();
  const configuration = join(folder, 'ejabberd.yml');
  await writeFile(configuration, ejabberdConfig({ port }));
  const env = {
    PATH: process.env.PATH,
    HOME: folder,
    ERL_LIBS: libraries,
    EJABBERD_CONFIG_PATH: configuration,
    EJABBERD_LOG_PATH: join(folder, 'ejabberd.log'),
  };
  // No node name: no port mapper daemon is left behind. One scheduler for the one core, and no busy waiting, which
  // would count as work of the sends: both were measured to help.
  const erlang = ['erl', '-noinput', '+K', 'true', '+S', '1', '+sbwt', 'none', '+sbwtdcpu', 'none', '+sbwtdio', 'none'];
  const application = ['-mnesia', 'dir', JSON.stringify(join(folder, 'spool')), '-s', 'ejabberd'];
  const server = new ServerProcess({ core, command: [...owner, ...erlang, ...application], env, cwd: folder });
  server.output.resume();
  await Promise.race([untilListening(port), server.failed]);
  return new RunningEjabberd(server, { port, startMs: performance.now() - server.startedAtMs });
}

/** A port that was free a moment ago; ejabberd cannot say which one it took. */
async function freePort(): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const probe = createServer().listen(0, '127.0.0.1', resolve);
  await promise;
  // An AddressInfo for every TCP server.
  const { port } = probe.address() as AddressInfo;
  probe.close();
  return port;
}

async function untilListening(port: number): Promise<void> {
  while (!(await accepts(port))) await new Promise((resolve) => setTimeout(resolve, readyPollMs));
}

function accepts(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect({ host: '127.0.0.1', port });
  socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
  return promise.finally(() => socket.destroy());
}

class RunningEjabberd implements RunningServer {
  readonly pid: number;
  readonly startMs: number;
  readonly #server: ServerProcess;
  readonly #port: number;
  readonly #http: HttpClient;

  constructor(server: ServerProcess, { port, startMs }: { readonly port: number; readonly startMs: number }) {
    this.pid = server.pid;
    this.startMs = startMs;
    this.#server = server;
    this.#port = port;
    this.#http = new HttpClient({ authority: `${domain}:${port}`, port, connections: httpConnections });
  }

  async openRooms(shape: Shape, listener: RoomListener): Promise<Rooms> {
    const rooms = await Promise.all(Array.from({ length: shape.rooms }, (_, room) => this.#openRoom(room, { shape, listener })));
    return new EjabberdRooms(rooms);
  }

  async createIdleUsers(count: number): Promise<IdleUser[]> {
    const names = Array.from({ length: count }, (_, index) => `idle-${index}`);
    await Promise.all(names.map((name) => this.#register(name)));
    return names.map((user) => ({ connect: (onLost) => this.#connect({ user, onMessage: ignore, onLost }) }));
  }

  async stop(): Promise<void> {
    this.#http.close();
    await this.#server.stop();
  }

  async kill(): Promise<void> {
    this.#http.close();
    await this.#server.kill();
  }

  async #openRoom(room: number, { shape, listener }: { readonly shape: Shape; readonly listener: RoomListener }): Promise<XmppSocket[]> {
    const sockets: XmppSocket[] = [];
    for (let member = 0; member < shape.members; member += 1) {
      const user = `user-${room}-${member}`;
      await this.#register(user);
      const onMessage = (sequence: number): void => listener.onMessage(room, member, sequence);
      const socket = await this.#connect({ user, onMessage, onLost: listener.onLost });
      const join = `<presence to="${roomAddress(room)}/${user}"><x xmlns="http://jabber.org/protocol/muc"/></presence>`;
      // Status 110 marks one's own presence: the room has taken the member in (XEP-0045 section 7.2.2).
      await socket.request(join, "code='110'");
      sockets.push(socket);
    }
    return sockets;
  }

  async #register(user: string): Promise<void> {
    const body = JSON.stringify({ user, host: domain, password });
    const headers = { 'Content-Type': 'application/json' };
    const answer = await this.#http.request({ method: 'POST', target: '/api/register', headers, body });
    if (answer.status !== 200) throw new Error(`ejabberd answered a registration ${answer.status}: ${answer.body}`);
  }

  #connect(options: Pick<Parameters<typeof XmppSocket.connect>[0], 'user' | 'onMessage' | 'onLost'>): Promise<XmppSocket> {
    return XmppSocket.connect({ port: this.#port, domain, password, ...options });
  }
}

class EjabberdRooms implements Rooms {
  /** By room and member. */
  readonly #sockets: readonly (readonly XmppSocket[])[];

  constructor(sockets: readonly (readonly XmppSocket[])[]) {
    this.#sockets = sockets;
  }

  /** XMPP has no acknowledgement of a message: the sender's own copy tells. */
  async send({ room, member, sequence }: { readonly room: number; readonly member: number; readonly sequence: number }): Promise<void> {
    const stanza = `<message type="groupchat" to="${roomAddress(room)}"><body>${markedText(sequence)}</body></message>`;
    this.#sockets[room]?.[member]?.send(stanza);
  }

  async newestStored(room: number): Promise<number | undefined> {
    const page = '<set xmlns="http://jabber.org/protocol/rsm"><max>1</max><before/></set>';
    const query = `<iq type="set" id="newest" to="${roomAddress(room)}"><query xmlns="urn:xmpp:mam:2">${page}</query></iq>`;
    const stanza = await this.#sockets[room]?.[0]?.request(query, '<result ');
    return stanza === undefined ? undefined : readMarker(stanza);
  }

  close(): void {
    for (const room of this.#sockets) for (const socket of room) socket.close();
  }
}

function roomAddress(room: number): string {
  return `room-${room}@${roomDomain}`;
}

function ignore(): void {
  // Nobody writes to an idle user.
}
