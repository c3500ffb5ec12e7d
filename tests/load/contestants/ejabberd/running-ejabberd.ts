import { HttpClient } from '../../clients/http-client.ts';
import { markedText, readMarker } from '../../clients/marker.ts';
import { XmppSocket } from '../../clients/xmpp-socket.ts';
import { mapConcurrently } from '../../concurrently.ts';
import type { Shape } from '../../shapes.ts';
import type { IdleUser, RoomListener, Rooms, RunningServer } from '../contestant.ts';
import { domain, roomDomain } from './config.ts';
import type { ServerProcess } from '../server-process.ts';

const password = 'bench';
const httpConnections = 16;
const roomsAtOnce = 8;

/** Drives ejabberd through its registration call and XMPP over WebSocket. */
export class RunningEjabberd implements RunningServer {
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
    const indexes = Array.from({ length: shape.rooms }, (_, room) => room);
    const rooms = await mapConcurrently(indexes, { limit: roomsAtOnce, map: (room) => this.#openRoom(room, { shape, listener }) });
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
  send({ room, member, sequence }: { readonly room: number; readonly member: number; readonly sequence: number }): Promise<void> {
    const stanza = `<message type="groupchat" to="${roomAddress(room)}"><body>${markedText(sequence)}</body></message>`;
    this.#sockets[room]?.[member]?.send(stanza);
    return Promise.resolve();
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
