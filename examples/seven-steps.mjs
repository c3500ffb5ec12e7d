import { ChatClient } from '@azure/communication-chat';
import { AzureCommunicationTokenCredential } from '@azure/communication-common';
import { CommunicationIdentityClient } from '@azure/communication-identity';

// 1. The resource: every server has one, and prints its connection string.
const connectionString =
  process.env.CONNECTION_STRING ?? 'endpoint=https://localhost:8443/;accesskey=c3dpdGNoYm9hcmQtbG9jYWwtZGV2ZWxvcG1lbnQta2V5LTAwMQ==';
const endpoint = /endpoint=([^;]+)/.exec(connectionString)[1];

// 2. Users and their access tokens.
const identities = new CommunicationIdentityClient(connectionString);
const alice = await identities.createUserAndToken(['chat']);
const bob = await identities.createUserAndToken(['chat']);

// 3. Chat clients.
const clientOf = ({ token }) => new ChatClient(endpoint, new AzureCommunicationTokenCredential(token));
const aliceChat = clientOf(alice);
const bobChat = clientOf(bob);

// 4. Real-time events, before anything happens.
await bobChat.startRealtimeNotifications();
const received = new Promise((resolve) => bobChat.on('chatMessageReceived', resolve));
await new Promise((resolve) => bobChat.on('realTimeNotificationConnected', resolve));

// 5. A thread with both.
const { chatThread } = await aliceChat.createChatThread(
  { topic: 'Lunch' },
  {
    participants: [
      { id: alice.user, displayName: 'Alice' },
      { id: bob.user, displayName: 'Bob' },
    ],
  },
);

// 6. Send, receive live, and read the history.
await aliceChat.getChatThreadClient(chatThread.id).sendMessage({ content: 'Hello Bob' }, { senderDisplayName: 'Alice' });
const { senderDisplayName, message } = await received;
console.log(`Bob received from ${senderDisplayName}: ${message}`);
for await (const entry of bobChat.getChatThreadClient(chatThread.id).listMessages()) console.log(entry.sequenceId, entry.type);

// 7. Clean up.
await aliceChat.deleteChatThread(chatThread.id);
await bobChat.stopRealtimeNotifications();
for (const { user } of [alice, bob]) await identities.deleteUser(user);
console.log('done');
