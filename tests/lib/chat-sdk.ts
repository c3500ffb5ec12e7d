import { ChatClient, type ChatClientOptions } from '@azure/communication-chat';
import { ChatClient as ChatClient154 } from '@azure/communication-chat-1.5.4';
import { AzureCommunicationTokenCredential } from '@azure/communication-common';
import type { ChatUser } from './chat-user.ts';
import type { TestServer } from './server.ts';

export interface ChatSdk {
  readonly version: string;
  clientOf(server: TestServer, user: ChatUser, retryOptions?: ChatClientOptions['retryOptions']): ChatClient;
}

function sdk(version: string, Client: typeof ChatClient): ChatSdk {
  return {
    version,
    clientOf: (server, user, retryOptions = {}) =>
      new Client(server.endpoint, new AzureCommunicationTokenCredential(user.token), { retryOptions }),
  };
}

/** Microsoft's published chat SDKs, unmodified: what they share is tested with each. */
export const CHAT_SDKS: readonly ChatSdk[] = [
  sdk('1.6.0', ChatClient),
  // Same public face as the newer one, but classes with private members are never assignable to each other.
  sdk('1.5.4', ChatClient154 as unknown as typeof ChatClient),
];

/** The newest SDK, for tests that need one only. */
export const [CHAT_SDK] = CHAT_SDKS as readonly [ChatSdk, ...ChatSdk[]];
