import type { ChatMessageReceivedEvent, ParticipantsAddedEvent } from '@azure/communication-chat';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHAT_SDK } from '../../lib/chat-sdk.ts';
import { newUser, type ChatUser } from '../../lib/chat-user.ts';
import { type SdkLive, startSdkLive } from '../../lib/sdk-live.ts';
import { startServer, type TestServer } from '../../lib/server.ts';

describe('live events of the chat SDK', () => {
  let server: TestServer;
  let alice: ChatUser;
  let bob: ChatUser;
  let aliceLive: SdkLive;
  let bobLive: SdkLive;

  beforeAll(async () => {
    server = await startServer();
    [alice, bob] = [await newUser(server), await newUser(server)];
    [aliceLive, bobLive] = await Promise.all([startSdkLive(server, { token: alice.token }), startSdkLive(server, { token: bob.token })]);
  });

  afterAll(async () => {
    await aliceLive[Symbol.asyncDispose]();
    await bobLive[Symbol.asyncDispose]();
    await server.stop();
  });

  it('R35: chatMessageReceived', async () => {
    const chat = CHAT_SDK.clientOf(server, alice);
    const { chatThread } = await chat.createChatThread({ topic: 'x' }, { participants: [{ id: { communicationUserId: bob.id } }] });
    await chat.getChatThreadClient(chatThread!.id).sendMessage({ content: 'Hello' });
    const event = await bobLive.event<ChatMessageReceivedEvent>('chatMessageReceived');
    expect(event).toEqual({});
  });
});
