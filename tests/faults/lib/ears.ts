import type { ChatMessage } from '@switchboard/contract';
import { threadPath } from '../../lib/chat-rest.ts';
import type { ChatUser } from '../../lib/chat-user.ts';
import { connectLive, type LiveClient, type Push } from '../../lib/live-client.ts';
import type { TestServer } from '../../lib/server.ts';
import type { Hearing, PushedChange, PushedMessage } from './evidence.ts';
import { restOf, type World } from './world.ts';

const MESSAGE_RECEIVED = 200;
const MESSAGE_EDITED = 247;
const MESSAGE_DELETED = 248;

/** The live connections of everybody in a world, the stranger too, over as many servers as there are. */
export class Ears implements Disposable {
  readonly #world: World;
  readonly #users: readonly ChatUser[];
  /** By user, one client for each connection. */
  readonly #clients: LiveClient[][];
  readonly #resumed: PushedMessage[][];

  constructor(world: World) {
    this.#world = world;
    this.#users = [...world.members, ...world.guests, world.stranger];
    this.#clients = this.#users.map(() => []);
    this.#resumed = this.#users.map(() => []);
  }

  async connect(server: TestServer): Promise<void> {
    const clients = await Promise.all(this.#users.map((user) => connectLive(server.ready.httpEndpoint, user)));
    for (const [i, client] of clients.entries()) this.#clients[i]!.push(client);
  }

  /** What each member missed, as a client does it: lists each thread from the last message that it heard there. */
  async resume(server: TestServer): Promise<void> {
    const { members, threadIds } = this.#world;
    for (const [i, member] of members.entries()) {
      for (const threadId of threadIds) {
        const ids = this.#hearing(i).flatMap((message) => (message.threadId === threadId ? Number(message.id) : []));
        const startTime = new Date(ids.reduce((last, id) => Math.max(last, id), 0)).toISOString();
        const pages = await restOf(server, member).pages<ChatMessage>(`${threadPath(threadId)}/messages`, { startTime });
        this.#resumed[i]!.push(...pages.flat().map(({ id, content }) => ({ threadId, id, text: content?.message ?? '' })));
      }
    }
  }

  /** Resolves when everything pushed before has arrived: packets of one connection keep their order. */
  async settled(): Promise<void> {
    const open = this.#clients.flatMap((clients) => clients.slice(-1)).filter(({ socket }) => socket.readyState === socket.OPEN);
    await Promise.all(open.map((client) => client.emit('ping')));
  }

  hearings(): Hearing[] {
    return this.#users.map(({ id }, i) => ({
      user: id,
      pushed: this.#clients[i]!.map((client) => client.pushes.all.flatMap(pushedMessage)),
      resumed: this.#resumed[i]!,
      changes: this.#clients[i]!.flatMap((client) => client.pushes.all.flatMap(pushedChange)),
    }));
  }

  [Symbol.dispose](): void {
    for (const client of this.#clients.flat()) client[Symbol.dispose]();
  }

  #hearing(i: number): PushedMessage[] {
    return [...this.#clients[i]!.flatMap((client) => client.pushes.all.flatMap(pushedMessage)), ...this.#resumed[i]!];
  }
}

function pushedChange({ event }: Push): PushedChange[] {
  if (event.eventId !== MESSAGE_EDITED && event.eventId !== MESSAGE_DELETED) return [];
  const kind = event.eventId === MESSAGE_EDITED ? 'edited' : 'deleted';
  return [{ kind, threadId: String(event['groupId']), id: String(event['messageId']), text: String(event['messageBody']) }];
}

function pushedMessage({ event }: Push): PushedMessage[] {
  if (event.eventId !== MESSAGE_RECEIVED) return [];
  // The wire facts of a received message; whatever is missing shows as a violation.
  return [{ threadId: String(event['groupId']), id: String(event['messageId']), text: String(event['messageBody']) }];
}
