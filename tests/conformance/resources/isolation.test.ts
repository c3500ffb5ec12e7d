import { type Operation, OPERATIONS, type ResourceWithKeys } from '@switchboard/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectLatest } from '../../lib/identity-clients.ts';
import { jsonOf, type RawAnswer } from '../../lib/raw-request.ts';
import { newResource } from '../../lib/resources.ts';
import { startServer, type TestServer } from '../../lib/server.ts';
import { signedRequest } from '../../lib/signed-request.ts';
import { tokenRequest } from '../../lib/token-request.ts';

const ON_USERS = OPERATIONS.filter(({ path }) => path.includes('/identities/{id}'));
const ON_THREADS = OPERATIONS.filter(({ path, auth }) => auth === 'userToken' && path.includes('{chatThreadId}'));

/** One side of the border: a resource with a user, a thread and a message in it. */
interface Side {
  readonly resource: ResourceWithKeys;
  readonly userId: string;
  readonly token: string;
  readonly threadId: string;
  readonly messageId: string;
}

let server: TestServer;
let ours: Side;
let theirs: Side;
beforeAll(async () => {
  server = await startServer();
  ours = await newSide();
  theirs = await newSide();
});
afterAll(() => server.stop());

describe('between two resources', () => {
  it.each(ON_USERS)('R4: $id does nothing to the other’s user', async (operation) => {
    const answer = await signedRequest(ours.resource.primaryConnectionString, {
      method: operation.method,
      path: pathOf(operation, theirs),
      body: bodyOf(operation, theirs),
    });
    // Deleting what is not there is no error; below it is seen that nothing was deleted.
    expect(answer.status).toBe(operation.method === 'DELETE' ? 204 : 404);
    await expectWhole(theirs);
  });

  it.each(ON_THREADS)('R4: $id does nothing in the other’s thread', async (operation) => {
    const answer = await callWithToken(operation, ours.token, theirs);
    expect([403, 404]).toContain(answer.status);
    await expectWhole(theirs);
  });

  it.each(ON_THREADS.filter(({ path }) => path.includes('{chatMessageId}')))(
    'R4: $id does nothing to the other’s message through a thread of ours',
    async (operation) => {
      const answer = await callWithToken(operation, ours.token, { ...theirs, threadId: ours.threadId });
      expect(answer.status).toBe(404);
      await expectWhole(theirs);
    },
  );

  it('R4: a user of the other is not added to a thread of ours', async () => {
    const added = await tokenRequest(server.endpoint, ours.token, {
      method: 'POST',
      path: `/chat/threads/${encodeURIComponent(ours.threadId)}/participants/:add?api-version=2025-03-15`,
      body: { participants: [participant(theirs.userId)] },
    });
    expect(jsonOf<{ invalidParticipants?: object[] }>(added).invalidParticipants).toHaveLength(1);
    expect(await participantsOf(ours)).toEqual([ours.userId]);
  });

  it('R4: a user of the other does not come into a thread with its creation', async () => {
    const created = await createThread(ours.token, [participant(theirs.userId)]);
    const { chatThread, invalidParticipants } = jsonOf<{ chatThread: { id: string }; invalidParticipants: object[] }>(created);
    expect(invalidParticipants).toHaveLength(1);
    expect(await participantsOf({ ...ours, threadId: chatThread.id })).toEqual([ours.userId]);
  });

  it('R4: the same custom id stands for two users', async () => {
    const ids = await Promise.all(
      [ours, theirs].map(async ({ resource }) => {
        const answer = await signedRequest(resource.primaryConnectionString, {
          method: 'POST',
          path: '/identities',
          body: { customId: 'same' },
        });
        return jsonOf<{ identity: { id: string } }>(answer).identity.id;
      }),
    );
    expect(new Set(ids).size).toBe(2);
  });

  it('R4: threads are listed to their own users only', async () => {
    const { value } = jsonOf<{ value: { id: string }[] }>(await tokenRequest(server.endpoint, ours.token));
    expect(value.map(({ id }) => id)).not.toContain(theirs.threadId);
  });

  it('R4: on the other’s host neither key nor token of ours works', async () => {
    const host = `${theirs.resource.name}.localhost`;
    const wanted = { method: 'POST', path: '/identities', headers: { host }, sign: { host }, servername: host };
    expect((await signedRequest(ours.resource.primaryConnectionString, wanted)).status).toBe(401);
    expect((await signedRequest(theirs.resource.primaryConnectionString, wanted)).status).toBe(201);
    const list = ({ token }: Side) => tokenRequest(server.endpoint, token, { host });
    expect((await list(ours)).status).toBe(401);
    expect((await list(theirs)).status).toBe(200);
  });

  it('R4: deleting ours leaves the other’s whole', async () => {
    const third = await newSide();
    expect((await server.admin('DELETE', `/admin/resources/${third.resource.name}`)).status).toBe(204);
    await expectWhole(theirs);
    await expectWhole(ours);
  });
});

async function newSide(): Promise<Side> {
  const resource = await newResource(server);
  const { user, token } = await connectLatest(resource.primaryConnectionString).createUserAndToken(['chat']);
  const threadId = jsonOf<{ chatThread: { id: string } }>(await createThread(token, [])).chatThread.id;
  const path = `/chat/threads/${encodeURIComponent(threadId)}/messages?api-version=2025-03-15`;
  const sent = await tokenRequest(server.endpoint, token, { method: 'POST', path, body: { content: 'ours alone' } });
  return { resource, userId: user.communicationUserId, token, threadId, messageId: jsonOf<{ id: string }>(sent).id };
}

function createThread(token: string, participants: readonly object[]): Promise<RawAnswer> {
  return tokenRequest(server.endpoint, token, {
    method: 'POST',
    path: '/chat/threads?api-version=2025-03-15',
    body: { topic: 'One side', participants },
  });
}

function callWithToken(operation: Operation, token: string, side: Side): Promise<RawAnswer> {
  return tokenRequest(server.endpoint, token, { method: operation.method, path: pathOf(operation, side), body: bodyOf(operation, side) });
}

function pathOf({ path }: Operation, { userId, threadId, messageId }: Side): string {
  const values: Readonly<Record<string, string>> = { id: userId, chatThreadId: threadId, chatMessageId: messageId };
  return `${path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? 'x'))}?api-version=2025-03-15`;
}

/** One body with every field that some operation asks for: fields that an operation does not know are ignored. */
function bodyOf({ body }: Operation, { userId, messageId }: Side): object | undefined {
  if (body === undefined) return undefined;
  return {
    scopes: ['chat'],
    topic: 'Taken',
    content: 'taken',
    participants: [participant(userId)],
    chatMessageId: messageId,
    communicationUser: { id: userId },
  };
}

function participant(userId: string): object {
  return { communicationIdentifier: { communicationUser: { id: userId } } };
}

async function participantsOf(side: Side): Promise<string[]> {
  const path = `/chat/threads/${encodeURIComponent(side.threadId)}/participants?api-version=2025-03-15`;
  const { value } = jsonOf<{ value: { communicationIdentifier: { rawId: string } }[] }>(
    await tokenRequest(server.endpoint, side.token, { path }),
  );
  return value.map(({ communicationIdentifier }) => communicationIdentifier.rawId);
}

/** User, token, thread, participants and message of a side are as they were made. */
async function expectWhole(side: Side): Promise<void> {
  const path = `/chat/threads/${encodeURIComponent(side.threadId)}`;
  const read = async <T>(rest: string): Promise<T> =>
    jsonOf<T>(await tokenRequest(server.endpoint, side.token, { path: `${path}${rest}?api-version=2025-03-15` }));
  expect(await read('')).toMatchObject({ topic: 'One side' });
  expect(await read(`/messages/${side.messageId}`)).toMatchObject({ content: { message: 'ours alone' } });
  expect(await participantsOf(side)).toEqual([side.userId]);
  expect(
    (await read<{ value: object[] }>('/messages')).value.filter((message) => 'type' in message && message.type === 'text'),
  ).toHaveLength(1);
}
