import { ChatClient } from '@azure/communication-chat';
import type { ChatThreadClient } from '@azure/communication-chat';
import { AzureCommunicationTokenCredential } from '@azure/communication-common';
import { subscribe } from './chat-events.ts';
import type { ChatEvent } from './chat-events.ts';
import type { ChatAction } from './chat-state.ts';
import type { LogItem, Who } from './event-log.ts';
import { toFailure } from '../failure.ts';
import type { SavedUser } from './saved-session.ts';

const historyLimit = 100;
const connectWaitMs = 8000;

/** What stands between a client and its real-time notifications. */
export type Obstacle = 'token' | 'server' | 'webSocket';

export interface ChatUserOptions {
  readonly who: Who;
  readonly user: SavedUser;
  readonly dispatch: (action: ChatAction) => void;
  readonly log: (item: LogItem) => void;
}

/** One user with a stock chat client: turns answers and events into actions. Methods reject with the SDK's error unless stated. */
export class ChatUser {
  readonly id: string;
  readonly displayName: string;
  readonly #options: ChatUserOptions;
  readonly #client: ChatClient;
  #thread: ChatThreadClient | undefined;
  #live = false;
  #closed = false;

  constructor(options: ChatUserOptions) {
    this.#options = options;
    this.id = options.user.id;
    this.displayName = options.user.displayName;
    this.#client = new ChatClient(location.origin, new AzureCommunicationTokenCredential(options.user.token));
  }

  /** Starts real-time notifications and subscribes to every event; resolves when connected, or after 8 s without (REST works alone). */
  async connect(): Promise<void> {
    this.#dispatch({ type: 'connection', connection: 'connecting' });
    const connected = new Promise<void>((resolve) => {
      this.#client.on('realTimeNotificationConnected', () => {
        this.#onConnected();
        resolve();
      });
      setTimeout(resolve, connectWaitMs);
    });
    this.#client.on('realTimeNotificationDisconnected', () => this.#onDisconnected());
    await this.#client.startRealtimeNotifications();
    if (this.#closed) return this.#client.stopRealtimeNotifications();
    subscribe(this.#client, (event) => this.#onEvent(event));
    await connected;
  }

  /** @returns the id of the new thread */
  async createThread(topic: string, participants: readonly { id: string; displayName: string }[]): Promise<string> {
    const result = await this.#client.createChatThread(
      { topic },
      { participants: participants.map(({ id, displayName }) => ({ id: { communicationUserId: id }, displayName })) },
    );
    const thread = result.chatThread;
    if (!thread) throw new Error('The answer holds no thread.');
    this.#log({ kind: 'call', name: 'createChatThread', payload: result });
    return thread.id;
  }

  /** Shows a thread: its properties, participants and messages. */
  async open(threadId: string): Promise<void> {
    const thread = this.#client.getChatThreadClient(threadId);
    const { topic } = await thread.getProperties();
    this.#thread = thread;
    this.#dispatch({ type: 'threadOpened', threadId, topic });
    await this.refresh();
  }

  /** Loads participants and the newest messages again; failures go to the log only. */
  async refresh(): Promise<void> {
    const thread = this.#thread;
    if (!thread || this.#closed) return;
    const { threadId } = thread;
    await Promise.all([
      this.#refreshMessages(thread),
      this.#quietly('listParticipants', async () => {
        this.#dispatch({ type: 'participantsLoaded', threadId, participants: await take(thread.listParticipants(), historyLimit) });
      }),
    ]);
  }

  /** Sends a text message; it is shown on the answer, without waiting for the event. */
  async send(text: string): Promise<void> {
    const thread = this.#openThread();
    const { id } = await thread.sendMessage({ content: text }, { senderDisplayName: this.displayName, type: 'text' });
    const sender = { senderId: this.id, senderName: this.displayName };
    const message = {
      kind: 'text',
      id,
      version: id,
      ...sender,
      text,
      isHtml: false,
      createdOn: new Date(Number(id)),
      edited: false,
    } as const;
    this.#dispatch({ type: 'sent', threadId: thread.threadId, message: { ...message, deleted: false } });
  }

  async edit(messageId: string, text: string): Promise<void> {
    await this.#openThread().updateMessage(messageId, { content: text });
    await this.#refreshUnlessLive();
  }

  async deleteMessage(messageId: string): Promise<void> {
    await this.#openThread().deleteMessage(messageId);
    await this.#refreshUnlessLive();
  }

  async rename(topic: string): Promise<void> {
    await this.#openThread().updateProperties({ topic });
    await this.#refreshUnlessLive();
  }

  async addParticipant(participant: { id: string; displayName: string }): Promise<void> {
    const { id, displayName } = participant;
    const result = await this.#openThread().addParticipants({ participants: [{ id: { communicationUserId: id }, displayName }] });
    const refused = result.invalidParticipants?.[0];
    if (refused) throw Object.assign(new Error(refused.message), { code: refused.code });
    await this.#refreshUnlessLive();
  }

  async removeParticipant(id: string): Promise<void> {
    await this.#openThread().removeParticipant({ communicationUserId: id });
    await this.#refreshUnlessLive();
  }

  async deleteThread(): Promise<void> {
    const { threadId } = this.#openThread();
    await this.#client.deleteChatThread(threadId);
    this.#log({ kind: 'call', name: 'deleteChatThread', payload: { threadId } });
  }

  /** The SDK itself sends at most one notification in 8 s. Failures go to the log only. */
  async typing(): Promise<void> {
    await this.#quietly('sendTypingNotification', () => this.#openThread().sendTypingNotification({ senderDisplayName: this.displayName }));
  }

  /** Why there is no live connection: asks the server for something plain, and sees what happens. */
  async diagnose(): Promise<Obstacle> {
    try {
      await this.#client.listChatThreads().next();
      return 'webSocket';
    } catch (error) {
      const { status } = toFailure(error);
      return status === 401 ? 'token' : status === undefined || status >= 500 ? 'server' : 'webSocket';
    }
  }

  /** Ends real-time notifications. Idempotent. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#client.stopRealtimeNotifications().catch(() => undefined);
  }

  #onConnected(): void {
    this.#live = true;
    this.#log({ kind: 'event', name: 'realTimeNotificationConnected' });
    this.#dispatch({ type: 'connection', connection: 'live' });
    // The service replays nothing after a break, so history fills the gap.
    void this.refresh();
  }

  #onDisconnected(): void {
    this.#live = false;
    this.#log({ kind: 'event', name: 'realTimeNotificationDisconnected' });
    this.#dispatch({ type: 'connection', connection: 'reconnecting' });
  }

  #onEvent(event: ChatEvent): void {
    this.#log({ kind: 'event', name: event.name, payload: event.payload });
    this.#dispatch({ type: 'event', event, receivedAtMs: Date.now() });
    const thread = this.#thread;
    if (event.payload.threadId !== thread?.threadId) return;
    // System messages are not pushed as messages; they are read from history when their event comes.
    const writesSystemMessage = ['participantsAdded', 'participantsRemoved', 'chatThreadPropertiesUpdated'].includes(event.name);
    if (writesSystemMessage) void this.#refreshMessages(thread);
  }

  #refreshMessages(thread: ChatThreadClient): Promise<void> {
    return this.#quietly('listMessages', async () => {
      const messages = await take(thread.listMessages({ maxPageSize: historyLimit }), historyLimit);
      this.#dispatch({ type: 'historyLoaded', threadId: thread.threadId, messages });
    });
  }

  async #refreshUnlessLive(): Promise<void> {
    if (!this.#live) await this.refresh();
  }

  async #quietly(name: string, call: () => Promise<unknown>): Promise<void> {
    try {
      await call();
    } catch (error) {
      this.#log({ kind: 'failure', name, payload: toFailure(error) });
    }
  }

  #openThread(): ChatThreadClient {
    if (!this.#thread) throw new Error('No thread is open.');
    return this.#thread;
  }

  #dispatch(action: ChatAction): void {
    if (!this.#closed) this.#options.dispatch(action);
  }

  #log(item: { kind: 'event' | 'call'; name: string; payload?: unknown } | Omit<Extract<LogItem, { kind: 'failure' }>, 'who'>): void {
    if (!this.#closed) this.#options.log({ ...item, who: this.#options.who });
  }
}

async function take<T>(items: AsyncIterable<T>, limit: number): Promise<T[]> {
  const taken: T[] = [];
  for await (const item of items) {
    taken.push(item);
    if (taken.length >= limit) break;
  }
  return taken;
}
