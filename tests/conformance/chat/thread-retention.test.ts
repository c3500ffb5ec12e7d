import type { ChatThreadDeletedEvent } from '@azure/communication-chat';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ChatRest, type CreatedThreadBody, expectRefusal, threadPath } from '../../lib/chat-rest.ts';
import { CHAT_SDK } from '../../lib/chat-sdk.ts';
import { type ChatUser, freshToken, newUser } from '../../lib/chat-user.ts';
import { startSdkLive } from '../../lib/sdk-live.ts';
import { startServer, type TestServer } from '../../lib/server.ts';

const DAY_MS = 86_400_000;

let server: TestServer;
let alice: ChatUser;

beforeAll(async () => {
  server = await startServer({ args: ['--clock', 'virtual'] });
  alice = await newUser(server);
});

afterAll(() => server.stop());

/** The chat API with a token that is valid by the server's present clock. */
async function restOf(user: ChatUser): Promise<ChatRest> {
  return new ChatRest(server.endpoint, await freshToken(server, user));
}

async function advance(by: string): Promise<void> {
  expect((await server.admin('POST', '/admin/clock:advance', { by })).status).toBe(200);
}

describe('the retention policy of a thread', () => {
  it('R42: is shown by the chat SDK, from the creation on and after each change', async () => {
    const chat = CHAT_SDK.clientOf(server, (await restOf(alice)).user);
    const retentionPolicy = { kind: 'threadCreationDate', deleteThreadAfterDays: 60 } as const;
    const { chatThread } = await chat.createChatThread({ topic: 'Kept' }, { retentionPolicy });
    expect(chatThread?.retentionPolicy).toEqual(retentionPolicy);
    const thread = chat.getChatThreadClient(chatThread!.id);
    expect((await thread.getProperties()).retentionPolicy).toEqual(retentionPolicy);
    await thread.updateProperties({ retentionPolicy: { kind: 'none' } });
    expect((await thread.getProperties()).retentionPolicy).toEqual({ kind: 'none' });
    await thread.updateTopic('Still none');
    expect((await thread.getProperties()).retentionPolicy).toEqual({ kind: 'none' });
  });

  it.each([[29], [91], [0], [30.5], [null], [undefined]])('R42: of %j days is refused', async (deleteThreadAfterDays) => {
    const rest = await restOf(alice);
    const answer = await rest.call('POST', '/chat/threads', {
      body: { topic: 'x', retentionPolicy: { kind: 'threadCreationDate', deleteThreadAfterDays } },
    });
    expectRefusal(answer, { status: 400, code: 'BadRequest', target: 'retentionPolicy.deleteThreadAfterDays' });
  });

  it('R42 R37: deletes the thread when its days are over, and tells the reason', async () => {
    const rest = await restOf(alice);
    const body = { topic: 'x', retentionPolicy: { kind: 'threadCreationDate', deleteThreadAfterDays: 30 } };
    const threadId = (await rest.call<CreatedThreadBody>('POST', '/chat/threads', { body })).body.chatThread.id;
    const createdMs = (await server.admin<{ now: string }>('GET', '/admin/clock')).body.now;
    await advance('P29DT23H');
    const later = await restOf(alice);
    expect((await later.call('GET', threadPath(threadId))).status).toBe(200);
    await using live = await startSdkLive(server, later.user);
    await advance('PT1H');
    const event = await live.event<ChatThreadDeletedEvent>('chatThreadDeleted', threadId);
    expect(event).toMatchObject({ threadId, reason: 'deletedByPolicy', deletedBy: null });
    expect(event.deletedOn.getTime()).toBe(Date.parse(createdMs) + 30 * DAY_MS);
    expectRefusal(await later.call('GET', threadPath(threadId)), { status: 404, code: 'NotFound' });
    expect((await later.threads()).map(({ id }) => id)).not.toContain(threadId);
  });

  it('R40: of a thread without one never deletes it, and that of another deletes it in the same step of years', async () => {
    const rest = await restOf(alice);
    const kept = await rest.createThread();
    const body = { topic: 'x', retentionPolicy: { kind: 'threadCreationDate', deleteThreadAfterDays: 90 } };
    const ending = (await rest.call<CreatedThreadBody>('POST', '/chat/threads', { body })).body.chatThread.id;
    await advance('P3650D');
    const later = await restOf(alice);
    expect((await later.call('GET', threadPath(kept))).status).toBe(200);
    expect((await later.call('GET', threadPath(ending))).status).toBe(404);
  });
});
