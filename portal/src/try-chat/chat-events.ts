import type {
  ChatClient,
  ChatMessageDeletedEvent,
  ChatMessageEditedEvent,
  ChatMessageReceivedEvent,
  ChatThreadCreatedEvent,
  ChatThreadDeletedEvent,
  ChatThreadPropertiesUpdatedEvent,
  ParticipantsAddedEvent,
  ParticipantsRemovedEvent,
  ReadReceiptReceivedEvent,
  TypingIndicatorReceivedEvent,
} from '@azure/communication-chat';

/** One real-time notification as the SDK hands it out, with its name. */
export type ChatEvent =
  | { readonly name: 'chatMessageReceived'; readonly payload: ChatMessageReceivedEvent }
  | { readonly name: 'chatMessageEdited'; readonly payload: ChatMessageEditedEvent }
  | { readonly name: 'chatMessageDeleted'; readonly payload: ChatMessageDeletedEvent }
  | { readonly name: 'typingIndicatorReceived'; readonly payload: TypingIndicatorReceivedEvent }
  | { readonly name: 'readReceiptReceived'; readonly payload: ReadReceiptReceivedEvent }
  | { readonly name: 'chatThreadCreated'; readonly payload: ChatThreadCreatedEvent }
  | { readonly name: 'chatThreadPropertiesUpdated'; readonly payload: ChatThreadPropertiesUpdatedEvent }
  | { readonly name: 'chatThreadDeleted'; readonly payload: ChatThreadDeletedEvent }
  | { readonly name: 'participantsAdded'; readonly payload: ParticipantsAddedEvent }
  | { readonly name: 'participantsRemoved'; readonly payload: ParticipantsRemovedEvent };

/** Subscribes to all ten events. The SDK allows it only after `startRealtimeNotifications()`. */
export function subscribe(client: ChatClient, listener: (event: ChatEvent) => void): void {
  client.on('chatMessageReceived', (payload) => listener({ name: 'chatMessageReceived', payload }));
  client.on('chatMessageEdited', (payload) => listener({ name: 'chatMessageEdited', payload }));
  client.on('chatMessageDeleted', (payload) => listener({ name: 'chatMessageDeleted', payload }));
  client.on('typingIndicatorReceived', (payload) => listener({ name: 'typingIndicatorReceived', payload }));
  client.on('readReceiptReceived', (payload) => listener({ name: 'readReceiptReceived', payload }));
  client.on('chatThreadCreated', (payload) => listener({ name: 'chatThreadCreated', payload }));
  client.on('chatThreadPropertiesUpdated', (payload) => listener({ name: 'chatThreadPropertiesUpdated', payload }));
  client.on('chatThreadDeleted', (payload) => listener({ name: 'chatThreadDeleted', payload }));
  client.on('participantsAdded', (payload) => listener({ name: 'participantsAdded', payload }));
  client.on('participantsRemoved', (payload) => listener({ name: 'participantsRemoved', payload }));
}
