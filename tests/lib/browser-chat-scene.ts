import { CommunicationIdentityClient } from '@azure/communication-identity';
import { ChatPage, type ChatSdk } from './browser-chat-page.ts';
import type { ChatPageUser, ChatPageUserOptions } from './browser-chat-user.ts';
import { TestBrowser } from './browser.ts';
import { NoWebSocketProxy } from './no-websocket-proxy.ts';
import type { TestServer } from './server.ts';

export interface JoinOptions extends Partial<Pick<ChatPageUserOptions, 'endpoint'>> {
  /** Life of the tokens, minutes. */
  readonly tokenMinutes?: number;
  /** Whether the credential may ask for newer tokens. */
  readonly refreshes?: true;
}

export interface SceneOptions {
  /** The newest by default. */
  readonly sdk?: ChatSdk;
  /** `polling` puts a proxy between clients and server that lets no socket through. */
  readonly transport?: 'socket' | 'polling';
}

/** A browser with one page of stock chat clients, and the users who sit in it. */
export class ChatScene implements AsyncDisposable {
  readonly chat: ChatPage;
  readonly identities: CommunicationIdentityClient;
  readonly #proxy: NoWebSocketProxy | undefined;
  readonly #endpoint: string;
  readonly #resources: AsyncDisposableStack;

  private constructor(parts: {
    readonly server: TestServer;
    readonly proxy: NoWebSocketProxy | undefined;
    readonly chat: ChatPage;
    readonly resources: AsyncDisposableStack;
  }) {
    this.chat = parts.chat;
    this.identities = new CommunicationIdentityClient(parts.server.connectionString);
    this.#proxy = parts.proxy;
    this.#endpoint = parts.proxy?.endpoint ?? parts.server.endpoint;
    this.#resources = parts.resources;
  }

  static async open(server: TestServer, { sdk, transport = 'socket' }: SceneOptions = {}): Promise<ChatScene> {
    await using opened = new AsyncDisposableStack();
    const proxy = transport === 'polling' ? opened.use(await NoWebSocketProxy.start(server)) : undefined;
    const browser = opened.use(await TestBrowser.start(server));
    const chat = opened.use(await ChatPage.open(browser, sdk));
    return new ChatScene({ server, proxy, chat, resources: opened.move() });
  }

  /** How many sockets the proxy refused. */
  get refusedSockets(): number {
    return this.#proxy?.refused ?? 0;
  }

  /** A new communication user whose client is connected to real-time notifications. */
  async join(name: string, options: JoinOptions = {}): Promise<ChatPageUser> {
    const { endpoint = this.#endpoint, tokenMinutes, refreshes } = options;
    const life = tokenMinutes === undefined ? {} : { tokenExpiresInMinutes: tokenMinutes };
    const { user, token } = await this.identities.createUserAndToken(['chat'], life);
    const refresh = async (): Promise<string> => (await this.identities.getToken(user, ['chat'], life)).token;
    const joined = await this.chat.connect({
      name,
      id: user.communicationUserId,
      endpoint,
      token,
      ...(refreshes === undefined ? {} : { refresh }),
    });
    await joined.next('realTimeNotificationConnected');
    return joined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#resources.disposeAsync();
  }
}

/** A thread by the first user with all the others in it; what its creation announced is read by everybody. */
export async function openThread(topic: string, creator: ChatPageUser, ...others: readonly ChatPageUser[]): Promise<string> {
  const everybody = [creator, ...others];
  const participants = everybody.map(({ id, name }) => ({ id: { communicationUserId: id }, displayName: name }));
  const { chatThread } = await creator.client('createChatThread', { topic }, { participants });
  await Promise.all(everybody.map((user) => user.next('chatThreadCreated')));
  return chatThread!.id;
}
