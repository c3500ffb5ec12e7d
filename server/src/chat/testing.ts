import type { VerifiedToken } from '../http/index.ts';
import { type Accounts, openAccounts, requesterOf } from '../identity/testing.ts';
import type { LimitsOptions } from '../limits/index.ts';
import type { Resource } from '../resources/index.ts';
import type { Migration } from '../storage/index.ts';
import { afterHooks, type TestEngine } from '../storage/testing.ts';
import { ChatContext } from './chat-context.ts';
import type { ChatFact } from './chat-facts.ts';
import { CleanUp } from './clean-up.ts';
import { ChatHistory } from './history.ts';
import { MessageService, type NewMessage } from './message-service.ts';
import { ThreadOversight } from './oversight/thread-oversight.ts';
import { ParticipantService } from './participant-service.ts';
import type { WantedParticipant } from './participants.ts';
import { ReadReceiptService } from './read-receipt-service.ts';
import { RetentionSweep } from './retention-sweep.ts';
import { chatMigrations } from './store/migrations.ts';
import { installThreadExpiry } from './thread-expiry.ts';
import { type NewThread, ThreadService } from './thread-service.ts';

/** The services of chat over a real store, with every fact they announce. */
export interface TestChat extends Accounts {
  readonly context: ChatContext;
  readonly threads: ThreadService;
  readonly participants: ParticipantService;
  readonly messages: MessageService;
  readonly receipts: ReadReceiptService;
  readonly history: ChatHistory;
  readonly sweep: RetentionSweep;
  readonly oversight: ThreadOversight;
  /** What was announced by now, in its order. */
  facts(): Promise<readonly ChatFact[]>;
  /** A new user with a token. */
  user(resource?: Resource, scopes?: readonly string[]): Promise<VerifiedToken>;
  /** A thread of `creator` with others. @returns its id */
  thread(creator: VerifiedToken, others?: readonly VerifiedToken[], wish?: Partial<NewThread>): Promise<string>;
}

export interface TestChatOptions {
  readonly limits?: LimitsOptions;
  /** Of the sweep that follows a change of retention. */
  readonly threadsAtOnce?: number;
  /** Of what stands on chat. */
  readonly migrations?: readonly Migration[];
}

export async function openChat(engine: TestEngine, options: TestChatOptions = {}): Promise<TestChat & AsyncDisposable> {
  const { threadsAtOnce, migrations = [], ...wishes } = options;
  const accounts = await openAccounts(engine, { ...wishes, migrations: [...chatMigrations, ...migrations] });
  const facts: ChatFact[] = [];
  const context = new ChatContext({
    ...accounts,
    announce: (fact) => facts.push(fact),
    record: () => undefined,
    recordAlone: () => undefined,
  });
  const threads = new ThreadService(context, accounts.repeatability);
  const participants = new ParticipantService(context, threads);
  const messages = new MessageService(context);
  const sweep = new RetentionSweep({ ...accounts, context, ...(threadsAtOnce === undefined ? {} : { threadsAtOnce }) });
  installThreadExpiry(accounts.storage.due, context);
  const cleanUp = new CleanUp({ ...accounts, context, participants });
  cleanUp.install();
  return {
    ...accounts,
    context,
    threads,
    participants,
    messages,
    sweep,
    oversight: new ThreadOversight({ context, purge: (resourceId, threadNo) => cleanUp.purgeThread(resourceId, threadNo) }),
    receipts: new ReadReceiptService(context),
    history: new ChatHistory(context),
    facts: async () => {
      await afterHooks();
      return facts;
    },
    user: async (resource = accounts.local, scopes = ['chat']) => {
      const { token } = await accounts.identities.create(requesterOf(resource), { token: { scopes } });
      return accounts.tokens.verify(token?.token ?? '');
    },
    thread: async (creator, others = [], wish = {}) => {
      const { thread } = await threads.create(creator, {
        ...newThread(),
        participants: others.map((other) => wanted(other.identity)),
        ...wish,
      });
      return thread.id;
    },
  };
}

export function newThread(): NewThread {
  return { topic: 'a topic', participants: [], metadata: undefined, retentionPolicy: undefined, repeatability: undefined };
}

export function newMessage(content: string, type: NewMessage['type'] = 'text'): NewMessage {
  return { content, type, senderDisplayName: undefined, metadata: undefined };
}

export function wanted(userId: string, changes: Partial<WantedParticipant> = {}): WantedParticipant {
  return { target: 'participants', userId, historyFromMs: 0, ...changes };
}

/** Everything, newest first. */
export const ALL = { belowId: Number.MAX_SAFE_INTEGER, sinceMs: 0, limit: 1_000 };
