import { mapConcurrently } from '../../concurrently.ts';
import { markedText, readMarker } from '../../clients/marker.ts';
import { NatsSocket } from '../../clients/nats-socket.ts';
import type { Shape } from '../../shapes.ts';
import type { IdleUser, RoomListener, Rooms, RunningServer } from '../contestant.ts';
import type { ServerProcess } from '../server-process.ts';

const stream = 'rooms';
const roomsAtOnce = 8;

/** Drives NATS: a room is a subject of one stream, its members subscribe to it, and whoever sends waits for the stream's acknowledgement. */
export class RunningNats implements RunningServer {
  readonly pid: number;
  readonly startMs: number;
  readonly #server: ServerProcess;
  readonly #port: number;

  constructor(server: ServerProcess, { port, startMs }: { readonly port: number; readonly startMs: number }) {
    this.pid = server.pid;
    this.startMs = startMs;
    this.#server = server;
    this.#port = port;
  }

  async openRooms(shape: Shape, listener: RoomListener): Promise<Rooms> {
    const admin = await NatsSocket.connect({ port: this.#port, onMessage: ignore, onLost: listener.onLost });
    await admin.request(`$JS.API.STREAM.CREATE.${stream}`, JSON.stringify({ name: stream, subjects: [`${stream}.*`], storage: 'file' }));
    const indexes = Array.from({ length: shape.rooms }, (_, room) => room);
    const rooms = await mapConcurrently(indexes, { limit: roomsAtOnce, map: (room) => this.#openRoom(room, { shape, listener }) });
    return new NatsRooms(admin, rooms);
  }

  createIdleUsers(count: number): Promise<IdleUser[]> {
    const users = Array.from({ length: count }, (_, index) => ({
      connect: async (onLost: (error: Error) => void): Promise<NatsSocket> => {
        const socket = await NatsSocket.connect({ port: this.#port, onMessage: ignore, onLost });
        await socket.subscribe(`idle.${index}`);
        return socket;
      },
    }));
    return Promise.resolve(users);
  }

  async stop(): Promise<void> {
    await this.#server.stop();
  }

  async kill(): Promise<void> {
    await this.#server.kill();
  }

  #openRoom(room: number, { shape, listener }: { readonly shape: Shape; readonly listener: RoomListener }): Promise<NatsSocket[]> {
    const members = Array.from({ length: shape.members }, async (_, member) => {
      const onMessage = (payload: string): void => {
        const sequence = readMarker(payload);
        if (sequence !== undefined) listener.onMessage(room, member, sequence);
      };
      const socket = await NatsSocket.connect({ port: this.#port, onMessage, onLost: listener.onLost });
      await socket.subscribe(subjectOf(room));
      return socket;
    });
    return Promise.all(members);
  }
}

class NatsRooms implements Rooms {
  readonly #admin: NatsSocket;
  /** By room and member. */
  readonly #sockets: readonly (readonly NatsSocket[])[];

  constructor(admin: NatsSocket, sockets: readonly (readonly NatsSocket[])[]) {
    this.#admin = admin;
    this.#sockets = sockets;
  }

  async send({ room, member, sequence }: { readonly room: number; readonly member: number; readonly sequence: number }): Promise<void> {
    const socket = this.#sockets[room]?.[member];
    if (socket === undefined) throw new RangeError(`no member ${member} in room ${room}`);
    await socket.request(subjectOf(room), `{"sender":"user-${room}-${member}","content":"${markedText(sequence)}"}`);
  }

  async newestStored(room: number): Promise<number | undefined> {
    const answer = await this.#admin.request(`$JS.API.STREAM.MSG.GET.${stream}`, JSON.stringify({ last_by_subj: subjectOf(room) }));
    // The documented shape of the answer; anything else shows as a missing message.
    const { message } = JSON.parse(answer) as { message: { data: string } };
    return readMarker(Buffer.from(message.data, 'base64').toString('latin1'));
  }

  close(): void {
    for (const socket of [this.#admin, ...this.#sockets.flat()]) socket.close();
  }
}

function subjectOf(room: number): string {
  return `${stream}.${room}`;
}

function ignore(): void {
  // Nothing is said to it.
}
