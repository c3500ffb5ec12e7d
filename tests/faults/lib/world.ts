import type { ChatMessage } from '@switchboard/contract';
import { ChatRest, threadPath } from '../../lib/chat-rest.ts';
import { type ChatUser, newUser, newUsers } from '../../lib/chat-user.ts';
import type { TestServer } from '../../lib/server.ts';
import { violationsOf } from './check.ts';
import type { Evidence, Hearing, Reading, ReadMessage, Roster, Violation } from './evidence.ts';
import { History } from './history.ts';
import { Storm, type StormOptions } from './storm.ts';

/** Users, threads and what happened to them: outlives the servers that hold them. */
export interface World {
  readonly history: History;
  /** All of them are in every thread. */
  readonly members: readonly ChatUser[];
  /** In no thread, until they are added. */
  readonly guests: readonly ChatUser[];
  /** In no thread. */
  readonly stranger: ChatUser;
  readonly threadIds: readonly string[];
}

/** How many rows readers take at once: whole pages, and pages that never end where others do. */
const PAGE_SIZES = [100, 60] as const;

export async function newWorld(
  server: TestServer,
  size: { readonly members: number; readonly threads: number; readonly guests?: number },
): Promise<World> {
  const members = await newUsers(server, size.members);
  const guests = await newUsers(server, size.guests ?? 0);
  const stranger = await newUser(server);
  const creator = restOf(server, members[0]!);
  const threadIds = await Promise.all(Array.from({ length: size.threads }, (_, i) => creator.createThread(members.slice(1), `storm ${i}`)));
  return { history: new History(), members, guests, stranger, threadIds };
}

export function restOf(server: TestServer, user: ChatUser): ChatRest {
  return new ChatRest(server.ready.httpEndpoint, user);
}

/** All members sending to all threads of the world. */
export function storm(server: TestServer, world: World, options: Partial<StormOptions> = {}): Storm {
  const { history, members, threadIds } = world;
  return new Storm({ endpoint: server.ready.httpEndpoint, history, senders: members, threadIds, ...options });
}

/** Reads one thread as one user does, page by page. */
export async function read(
  server: TestServer,
  world: World,
  wish: { readonly threadId: string; readonly user: ChatUser; readonly pageSize: number },
): Promise<Reading> {
  const startedAt = world.history.now();
  const pages = await restOf(server, wish.user).pages<ChatMessage>(`${threadPath(wish.threadId)}/messages`, { maxPageSize: wish.pageSize });
  const endedAt = world.history.now();
  return { reader: `${wish.user.id} by ${wish.pageSize}`, threadId: wish.threadId, startedAt, endedAt, messages: pages.flat().map(asRead) };
}

/** Reads every thread as several users, in pages of different sizes. */
export async function readAll(server: TestServer, world: World): Promise<Reading[]> {
  const wishes = world.threadIds.flatMap((threadId) =>
    PAGE_SIZES.map((pageSize, i) => ({ threadId, pageSize, user: world.members.at(-1 - i)! })),
  );
  return Promise.all(wishes.map((wish) => read(server, world, wish)));
}

/** Reads everything back and compares it with what was done. @returns what is wrong */
export async function violationsIn(
  server: TestServer,
  world: World,
  more: { readonly hearings?: readonly Hearing[]; readonly earlier?: readonly Reading[]; readonly unknownIsNotStored?: boolean } = {},
): Promise<Violation[]> {
  const { hearings = [], earlier = [], unknownIsNotStored = false } = more;
  const memberIds = world.members.map(({ id }) => id);
  const evidence: Evidence = {
    history: world.history,
    readings: [...earlier, ...(await readAll(server, world))],
    hearings,
    rosters: await rostersOf(server, world),
    users: [...world.members, ...world.guests, world.stranger].map(({ id }) => id),
    members: new Map(world.threadIds.map((threadId) => [threadId, memberIds])),
    unknownIsNotStored,
  };
  return violationsOf(evidence);
}

function rostersOf(server: TestServer, { history, members, threadIds }: World): Promise<Roster[]> {
  const rest = restOf(server, members.at(-1)!);
  return Promise.all(
    threadIds.map(async (threadId) => {
      const takenAt = history.now();
      const participants = await rest.participants(threadId);
      const receipts = await rest.receipts(threadId);
      return {
        threadId,
        takenAt,
        participants: participants.map(({ communicationIdentifier }) => communicationIdentifier.rawId),
        receipts: receipts.map(({ senderCommunicationIdentifier, chatMessageId }) => ({
          user: senderCommunicationIdentifier.rawId,
          messageId: chatMessageId,
        })),
      };
    }),
  );
}

function asRead({ id, type, sequenceId, version, content, deletedOn }: ChatMessage): ReadMessage {
  return { id, type, sequenceId, version, text: content?.message, isDeleted: deletedOn !== undefined };
}
