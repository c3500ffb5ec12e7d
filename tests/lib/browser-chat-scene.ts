import { CommunicationIdentityClient } from '@azure/communication-identity';
import { ChatPage, type ChatSdk } from './browser-chat-page.ts';
import type { ChatPageUser, ChatPageUserOptions } from './browser-chat-user.ts';
import { TestBrowser } from './browser.ts';
import type { TestServer } from './server.ts';

export interface JoinOptions extends Partial<Pick<ChatPageUserOptions, 'endpoint'>> {
  /** Life of the tokens, minutes. */
  readonly tokenMinutes?: number;
  /** Whether the credential may ask for newer tokens. */
  readonly refreshes?: true;
}

/** A browser with one page of stock chat clients, and the users who sit in it. */
export class ChatScene implements AsyncDisposable {
  readonly chat: ChatPage;
  readonly identities: CommunicationIdentityClient;
  readonly #server: TestServer;
  readonly #browser: TestBrowser;

  private constructor(parts: { readonly server: TestServer; readonly browser: TestBrowser; readonly chat: ChatPage }) {
    this.#server = parts.server;
    this.#browser = parts.browser;
    this.chat = parts.chat;
    this.identities = new CommunicationIdentityClient(parts.server.connectionString);
  }

  static async open(server: TestServer, sdk?: ChatSdk): Promise<ChatScene> {
    const browser = await TestBrowser.start(server);
    return new ChatScene({ server, browser, chat: await ChatPage.open(browser, sdk) });
  }

  /** A new communication user whose client is connected to real-time notifications. */
  async join(name: string, options: JoinOptions = {}): Promise<ChatPageUser> {
    const { endpoint = this.#server.endpoint, tokenMinutes, refreshes } = options;
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
    await this.chat[Symbol.asyncDispose]();
    await this.#browser[Symbol.asyncDispose]();
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
