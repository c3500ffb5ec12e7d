/**
 * A process of its own in which the unmodified chat SDK receives live events, started with the hook of chat-node. It
 * speaks to the test over Node's process messages; `sdk-live.ts` is the other end.
 */
import type * as Sdk from '@azure/communication-chat';
import type { ChatClient } from '@azure/communication-chat';
import type { FromChild, SdkEvent, ToChild } from './sdk-live-messages.ts';
import { installSteppedTime } from './stepped-time.ts';

const EVENTS: readonly SdkEvent[] = [
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
];

const time = installSteppedTime();
// Loaded late, so that they find the stepped time.
const { AzureCommunicationTokenCredential } = await import('@azure/communication-common');

let tokenAsked: ((token: string) => void) | undefined;
let client: ChatClient | undefined;

process.on('message', (message: ToChild) => {
  switch (message.kind) {
    case 'start':
      void start(message);
      break;
    case 'token':
      tokenAsked?.(message.token);
      break;
    case 'advance':
      time.advance(message.byMs);
      tell({ kind: 'advanced' });
      break;
    case 'stop':
      void stop();
      break;
  }
});

async function start({ sdk, endpoint, token, refreshesProactively }: Extract<ToChild, { kind: 'start' }>): Promise<void> {
  try {
    const credential = new AzureCommunicationTokenCredential({
      tokenRefresher: askForToken,
      refreshProactively: refreshesProactively,
      ...(token === undefined ? {} : { token }),
    });
    // Both versions have the same public face.
    const { ChatClient: Client } = (await import(sdk)) as typeof Sdk;
    const started = new Client(endpoint, credential);
    client = started;
    started.on('realTimeNotificationConnected', () => tell({ kind: 'event', name: 'realTimeNotificationConnected' }));
    started.on('realTimeNotificationDisconnected', () => tell({ kind: 'event', name: 'realTimeNotificationDisconnected' }));
    await started.startRealtimeNotifications();
    for (const name of EVENTS) listen(started, name);
    tell({ kind: 'started' });
  } catch (error) {
    tell({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
  }
}

/** The overloads of `on` take one name each; all these events have one argument. */
function listen(to: ChatClient, name: SdkEvent): void {
  (to.on as (event: string, listener: (payload: { threadId: string }) => void) => void).call(to, name, (payload) =>
    tell({ kind: 'event', name, payload }),
  );
}

async function stop(): Promise<void> {
  await client?.stopRealtimeNotifications();
  tell({ kind: 'stopped' });
  process.disconnect();
}

async function askForToken(): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  tokenAsked = resolve;
  tell({ kind: 'ask-token' });
  return promise;
}

function tell(message: FromChild): void {
  process.send?.(message);
}
