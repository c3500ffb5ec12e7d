/** Runs inside the page: stock chat clients, driven by the test through {@link ChatProgram}. */
import { ChatClient } from '@azure/communication-chat';
import { AzureCommunicationTokenCredential } from '@azure/communication-common';

/** Events of `ChatClient.on`. */
const EVENTS = [
  'chatMessageReceived',
  'chatMessageEdited',
  'chatMessageDeleted',
  'typingIndicatorReceived',
  'readReceiptReceived',
  'chatThreadCreated',
  'chatThreadPropertiesUpdated',
  'chatThreadDeleted',
  'participantsAdded',
  'participantsRemoved',
] as const;
/** Events that carry nothing, and the only ones that may be subscribed to before the start. */
const CONNECTION_EVENTS = ['realTimeNotificationConnected', 'realTimeNotificationDisconnected'] as const;

export interface ConnectOptions {
  readonly user: string;
  readonly endpoint: string;
  readonly token: string;
  /** Asks the test for a token when the credential wants a newer one. */
  readonly refreshes: boolean;
}

/** What the test calls in the page. */
export interface ChatProgram {
  /** Makes the user's client, subscribes to every event, and starts real-time notifications. */
  connect(options: ConnectOptions): Promise<void>;
  disconnect(user: string): Promise<void>;
  /** Calls a method of the user's `ChatClient`. */
  client(user: string, method: string, args: readonly unknown[]): Promise<unknown>;
  /** Calls a method of the user's `ChatThreadClient`. */
  thread(user: string, threadId: string, call: { readonly method: string; readonly args: readonly unknown[] }): Promise<unknown>;
}

/** What the test puts into the page. */
export interface ChatProgramHost {
  reportEvent(user: string, event: string, payload: unknown): Promise<void>;
  freshToken(user: string): Promise<string>;
}

type Method = (...args: readonly unknown[]) => Promise<unknown>;

const page = globalThis as unknown as ChatProgramHost & { chatProgram: ChatProgram };
const clients = new Map<string, ChatClient>();

page.chatProgram = {
  async connect({ user, endpoint, token, refreshes }) {
    const credential = refreshes
      ? new AzureCommunicationTokenCredential({ token, tokenRefresher: () => page.freshToken(user) })
      : new AzureCommunicationTokenCredential(token);
    const client = new ChatClient(endpoint, credential);
    clients.set(user, client);
    // The overloads of `on` name one event each.
    const on = client.on.bind(client) as (event: string, listener: (payload: unknown) => void) => void;
    for (const event of CONNECTION_EVENTS) on(event, () => void page.reportEvent(user, event, undefined));
    await client.startRealtimeNotifications();
    for (const event of EVENTS) on(event, (payload) => void page.reportEvent(user, event, payload));
  },
  async disconnect(user) {
    await clientOf(user).stopRealtimeNotifications();
  },
  client: (user, method, args) => call(clientOf(user), method, args),
  thread: (user, threadId, { method, args }) => call(clientOf(user).getChatThreadClient(threadId), method, args),
};

function clientOf(user: string): ChatClient {
  const client = clients.get(user);
  if (client === undefined) throw new Error(`${user} is not connected`);
  return client;
}

function call(target: object, method: string, args: readonly unknown[]): Promise<unknown> {
  return (target as Record<string, Method>)[method]!(...args);
}
