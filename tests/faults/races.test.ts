import type { ChatParticipant } from '@switchboard/contract';
import { CommunicationIdentityClient } from '@azure/communication-identity';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CreatedThreadBody, type RestAnswer, threadPath } from '../lib/chat-rest.ts';
import { type ChatUser, newUser, newUsers } from '../lib/chat-user.ts';
import { jsonOf } from '../lib/raw-request.ts';
import { startServer, type TestServer } from '../lib/server.ts';
import { signedRequest } from '../lib/signed-request.ts';
import { newWorld, restOf, storm, violationsIn } from './lib/world.ts';

const ATTEMPTS = 50;

let server: TestServer;

beforeAll(async () => {
  server = await startServer({ args: ['--revocation-delay', '0s'] });
});

afterAll(async () => {
  await server.stop();
});

/** Runs something many times at once. @returns how often each status was answered */
async function race(attempt: (i: number) => Promise<RestAnswer>, attempts = ATTEMPTS): Promise<Record<number, number>> {
  const answers = await Promise.all(Array.from({ length: attempts }, (_, i) => attempt(i)));
  const statuses = answers.map(({ status }) => status);
  return Object.fromEntries(statuses.map((status) => [status, statuses.filter((other) => other === status).length]));
}

function idsOf(participants: readonly ChatParticipant[]): string[] {
  return participants.map(({ communicationIdentifier }) => communicationIdentifier.rawId).sort();
}

describe('50 attempts at once', () => {
  it('R30: with one repeatability id create one thread', async () => {
    const rest = restOf(server, await newUser(server));
    const topic = randomUUID();
    const threads = new Set<string>();
    const counts = await race(async () => {
      const answer = await rest.call<CreatedThreadBody>('POST', '/chat/threads', {
        body: { topic, participants: [] },
        headers: { 'repeatability-request-id': topic },
      });
      threads.add(answer.body.chatThread.id);
      return answer;
    });
    expect(counts).toEqual({ 201: ATTEMPTS });
    expect(threads.size).toBe(1);
    expect(await rest.threads()).toHaveLength(1);
  });

  it('R32: at the last place in a thread let one user in', async () => {
    const [owner, ...others] = (await newUsers(server, 249)) as [ChatUser, ...ChatUser[]];
    const rest = restOf(server, owner);
    const threadId = await rest.createThread(others);
    const late = await newUsers(server, ATTEMPTS);
    const counts = await race((i) => rest.add(threadId, [late[i]!]));
    expect(counts).toEqual({ 201: 1, 400: ATTEMPTS - 1 });
    expect(await rest.participants(threadId)).toHaveLength(250);
  });

  it('R31: to add the same user add it once', async () => {
    const rest = restOf(server, await newUser(server));
    const threadId = await rest.createThread();
    const user = await newUser(server);
    expect(await race(() => rest.add(threadId, [user]))).toEqual({ 201: ATTEMPTS });
    expect(await rest.participants(threadId)).toHaveLength(2);
    const added = (await rest.messages(threadId)).filter(({ type }) => type === 'participantAdded');
    // One by the creation, one by whichever attempt came first.
    expect(added).toHaveLength(2);
  });

  it('R31: to remove the same user remove it once', async () => {
    const rest = restOf(server, await newUser(server));
    const user = await newUser(server);
    const threadId = await rest.createThread([user]);
    expect(await race(() => rest.remove(threadId, user))).toEqual({ 204: 1, 404: ATTEMPTS - 1 });
    const removed = (await rest.messages(threadId)).filter(({ type }) => type === 'participantRemoved');
    expect(removed).toHaveLength(1);
  });

  it('R31: to add different users add them all, also when twice as many come', async () => {
    const rest = restOf(server, await newUser(server));
    const threadId = await rest.createThread();
    const users = await newUsers(server, 2 * ATTEMPTS);
    expect(await race((i) => rest.add(threadId, [users[i]!]), 2 * ATTEMPTS)).toEqual({ 201: 2 * ATTEMPTS });
    expect(idsOf(await rest.participants(threadId))).toEqual([rest.user.id, ...users.map(({ id }) => id)].sort());
  });

  it('R46: to delete one message delete it once, and edits lose to it', async () => {
    const rest = restOf(server, await newUser(server));
    const threadId = await rest.createThread();
    const path = `${threadPath(threadId)}/messages/${await rest.send(threadId, 'short-lived')}`;
    const deletions = race(() => rest.call('DELETE', path));
    const edits = race((i) => rest.call('PATCH', path, { body: { content: `edit ${i}` } }));
    expect((await deletions)[204]).toBe(1);
    expect(Object.keys(await edits).filter((status) => !['204', '400', '404'].includes(status))).toEqual([]);
    expect((await rest.messages(threadId)).find(({ type }) => type === 'text')).not.toHaveProperty('content');
  });

  it('R44: to delete one thread delete it once, and sends lose to it', async () => {
    const rest = restOf(server, await newUser(server));
    const threadId = await rest.createThread();
    const sends = race((i) => rest.call('POST', `${threadPath(threadId)}/messages`, { body: { content: `m${i}` } }));
    const deletions = await race(() => rest.call('DELETE', threadPath(threadId)));
    expect(deletions).toEqual({ 204: 1, 404: ATTEMPTS - 1 });
    expect(Object.keys(await sends).filter((status) => !['201', '404'].includes(status))).toEqual([]);
    expect((await rest.call('GET', threadPath(threadId))).status).toBe(404);
  });

  it('R10: to create a user with one custom id create one', async () => {
    const wish = { method: 'POST', path: '/identities', body: { customId: randomUUID() } };
    const answers = await Promise.all(Array.from({ length: ATTEMPTS }, () => signedRequest(server.connectionString, wish)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    expect(new Set(answers.map((answer) => jsonOf<{ identity: { id: string } }>(answer).identity.id)).size).toBe(1);
  });
});

describe('a user deleted while sending', () => {
  it('R21: is refused from then on, and leaves every thread', async () => {
    const world = await newWorld(server, { members: 3, threads: 2 });
    const [deleted, ...others] = world.members as [ChatUser, ...ChatUser[]];
    const sending = storm(server, world);
    await sending.acknowledged(100);
    const begunAt = world.history.now();
    await new CommunicationIdentityClient(server.connectionString).deleteUser({ communicationUserId: deleted.id });
    world.history.endAccess({ user: deleted.id, threadIds: world.threadIds, begunAt });
    await sending.acknowledged(100);
    await sending.stop();
    expect(new Set(sending.refusals.map(({ status }) => status))).toEqual(new Set([401]));
    expect((await violationsIn(server, world)).slice(0, 5)).toEqual([]);
    for (const threadId of world.threadIds) {
      const participants = await restOf(server, others[0]!).participants(threadId);
      expect(idsOf(participants)).toEqual(others.map(({ id }) => id).sort());
    }
  });
});
