/** What a test and its SDK process tell each other. */
export type SdkEvent =
  | 'chatMessageReceived'
  | 'chatMessageEdited'
  | 'chatMessageDeleted'
  | 'typingIndicatorReceived'
  | 'readReceiptReceived'
  | 'chatThreadCreated'
  | 'chatThreadPropertiesUpdated'
  | 'chatThreadDeleted'
  | 'participantsAdded'
  | 'participantsRemoved';

/** The package of the SDK that a process uses. */
export type SdkPackage = '@azure/communication-chat' | '@azure/communication-chat-1.5.4';

export type ConnectionEvent = 'realTimeNotificationConnected' | 'realTimeNotificationDisconnected';

export type ToChild =
  | {
      readonly kind: 'start';
      readonly sdk: SdkPackage;
      readonly endpoint: string;
      readonly token?: string;
      readonly refreshesProactively: boolean;
    }
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'advance'; readonly byMs: number }
  | { readonly kind: 'stop' };

export type FromChild =
  | { readonly kind: 'started' }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'ask-token' }
  | { readonly kind: 'event'; readonly name: SdkEvent | ConnectionEvent; readonly payload?: { readonly threadId: string } }
  | { readonly kind: 'advanced' }
  | { readonly kind: 'stopped' };
