import { CHAT_SDKS } from '../../lib/chat-sdk.ts';
import { ChatRest, type CreatedThreadBody, expectRefusal, threadPath } from '../../lib/chat-rest.ts';
import { type ChatUser, newUser } from '../../lib/chat-user.ts';
import { newResource } from '../../lib/resources.ts';
import { startServer, type TestServer } from '../../lib/server.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let server: TestServer;
let alice: ChatUser;
let bob: ChatUser;
let rest: ChatRest;

beforeAll(async () => {
  server = await startServer();
  [alice, bob] = await Promise.all([newUser(server), newUser(server)]);
  rest = new ChatRest(server.endpoint, alice);
});

afterAll(() => server.stop());

async function create(body: object): Promise<CreatedThreadBody & { readonly location: string | null }> {
  const { status, body: created, headers } = await rest.call<CreatedThreadBody>('POST', '/chat/threads', { body });
  expect(status).toBe(201);
  return { ...created, location: headers.get('location') };
}

describe.each(CHAT_SDKS)('creating a thread with chat SDK $version', (sdk) => {
  it('R30: gives the thread with its id, topic, time and creator', async () => {
    const participants = [{ id: { communicationUserId: bob.id }, displayName: 'Bob' }];
    const result = await sdk.clientOf(server, alice).createChatThread({ topic: 'Lunch' }, { participants });
    expect(result.invalidParticipants ?? []).toEqual([]);
    expect(result.chatThread).toMatchObject({
      id: expect.stringMatching(/^19:[\w-]+@thread\.v2$/) as string,
      topic: 'Lunch',
      createdBy: { kind: 'communicationUser', communicationUserId: alice.id },
    });
    expect(result.chatThread?.createdOn).toBeInstanceOf(Date);
  });

  it('R30: the creator takes part, listed or not', async () => {
    const chat = sdk.clientOf(server, alice);
    for (const listed of [[], [alice], [alice, bob]]) {
      const participants = listed.map(({ id }) => ({ id: { communicationUserId: id } }));
      const { chatThread } = await chat.createChatThread({ topic: 'Lunch' }, { participants });
      const found = await rest.participants(chatThread!.id);
      const ids = found.map(({ communicationIdentifier }) => communicationIdentifier.rawId);
      expect(ids.sort()).toEqual([...new Set([alice.id, ...listed.map(({ id }) => id)])].sort());
    }
  });

  it('R30: participants that cannot be added are told one by one; the others are in', async () => {
    const other = await newResource(server);
    const foreigner = await newUser(server, { resource: other.name });
    const unknown = `${alice.id.slice(0, alice.id.lastIndexOf('_'))}_00000000-0000-4000-8000-000000000000`;
    const { chatThread, invalidParticipants } = await sdk.clientOf(server, alice).createChatThread(
      { topic: 'Lunch' },
      {
        participants: [
          { id: { communicationUserId: bob.id } },
          { id: { communicationUserId: unknown } },
          { id: { communicationUserId: foreigner.id } },
          { id: { phoneNumber: '+14255550123' } },
        ],
      },
    );
    const refused = (invalidParticipants ?? []).map(({ target, code }) => [target, code]);
    expect(refused).toEqual([
      [unknown, '404'],
      [foreigner.id, '403'],
      ['4:+14255550123', '403'],
    ]);
    expect((invalidParticipants ?? []).every(({ message }) => message.length > 0)).toBe(true);
    expect(await rest.participants(chatThread!.id)).toHaveLength(2);
  });
});

describe('creating a thread over REST', () => {
  it("R30 D9: the handbook's body and the SDK's make the same thread", async () => {
    const published = await create({
      topic: 'Lunch',
      participants: [{ communicationIdentifier: { rawId: bob.id, communicationUser: { id: bob.id } }, displayName: 'Bob' }],
    });
    const handbook = await create({ topic: 'Lunch', participants: [{ id: { communicationUserId: bob.id }, displayName: 'Bob' }] });
    for (const { chatThread, invalidParticipants } of [published, handbook]) {
      expect(invalidParticipants).toBeUndefined();
      expect(chatThread).toEqual({
        id: chatThread.id,
        topic: 'Lunch',
        createdOn: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/) as string,
        createdByCommunicationIdentifier: { rawId: alice.id, communicationUser: { id: alice.id } },
      });
    }
    expect(await rest.participants(handbook.chatThread.id)).toEqual(await rest.participants(published.chatThread.id));
  });

  it.each(['rawId', 'communicationUser'])('R30: a participant may be named by %s alone', async (member) => {
    const communicationIdentifier = member === 'rawId' ? { rawId: bob.id } : { communicationUser: { id: bob.id } };
    const { chatThread } = await create({ topic: 'Lunch', participants: [{ communicationIdentifier }] });
    expect(await rest.participants(chatThread.id)).toHaveLength(2);
  });

  it('R30: Location is the address of the thread with only the colon encoded', async () => {
    const { chatThread, location } = await create({ topic: 'Lunch' });
    expect(location).toBe(`${server.endpoint.replace(/\/$/, '')}/chat/threads/${chatThread.id.replace(':', '%3A')}`);
  });

  it('R30: a participant named twice is one participant', async () => {
    const participant = { communicationIdentifier: { communicationUser: { id: bob.id } } };
    const { chatThread } = await create({ topic: 'Lunch', participants: [participant, participant] });
    expect(await rest.participants(chatThread.id)).toHaveLength(2);
  });

  it('R30 R39: its first messages tell who was added and what the topic is', async () => {
    const { chatThread } = await create({ topic: 'Lunch', participants: [{ id: { communicationUserId: bob.id }, displayName: 'Bob' }] });
    const [topicUpdated, participantAdded, ...others] = await rest.messages(chatThread.id);
    const initiator = { initiatorCommunicationIdentifier: { rawId: alice.id, communicationUser: { id: alice.id } } };
    expect(others).toEqual([]);
    expect(topicUpdated).toMatchObject({ type: 'topicUpdated', sequenceId: '2', content: { topic: 'Lunch', ...initiator } });
    expect(participantAdded).toMatchObject({ type: 'participantAdded', sequenceId: '1', content: initiator });
    const added = participantAdded?.content?.participants?.map(({ communicationIdentifier: { rawId }, displayName }) => [
      rawId,
      displayName,
    ]);
    expect(added).toEqual([
      [alice.id, undefined],
      [bob.id, 'Bob'],
    ]);
    for (const message of [topicUpdated, participantAdded]) expect(message).not.toHaveProperty('senderCommunicationIdentifier');
  });

  it('R30: metadata and retention policy come back as they were given', async () => {
    const given = { metadata: { color: 'blue' }, retentionPolicy: { kind: 'threadCreationDate', deleteThreadAfterDays: 60 } };
    const { chatThread } = await create({ topic: 'Lunch', ...given });
    expect(chatThread).toMatchObject(given);
    expect((await rest.call('GET', threadPath(chatThread.id))).body).toMatchObject(given);
  });

  it.each([
    ['no topic', {}, 'topic'],
    ['an empty topic', { topic: '' }, 'topic'],
    ['a topic of blanks', { topic: ' \t' }, 'topic'],
    ['a topic that is a number', { topic: 5 }, 'topic'],
    ['a topic of 251 characters', { topic: 'x'.repeat(251) }, 'topic'],
    ['participants that are no list', { topic: 'x', participants: 'bob' }, 'participants'],
    ['a participant without identifier', { topic: 'x', participants: [{ displayName: 'Bob' }] }, 'participants[0].communicationIdentifier'],
    ['an empty user id', { topic: 'x', participants: [{ id: { communicationUserId: '' } }] }, 'participants[0].communicationIdentifier'],
    ['a display name that is a number', { topic: 'x', participants: [{ displayName: 1 }] }, 'participants[0].displayName'],
    ['metadata with numbers', { topic: 'x', metadata: { a: 1 } }, 'metadata.a'],
    ['metadata over 1 KB', { topic: 'x', metadata: { a: 'b'.repeat(1024) } }, 'metadata'],
    ['an unknown retention policy', { topic: 'x', retentionPolicy: { kind: 'never' } }, 'retentionPolicy.kind'],
    [
      '29 days of retention',
      { topic: 'x', retentionPolicy: { kind: 'threadCreationDate', deleteThreadAfterDays: 29 } },
      'retentionPolicy.deleteThreadAfterDays',
    ],
    [
      '91 days of retention',
      { topic: 'x', retentionPolicy: { kind: 'threadCreationDate', deleteThreadAfterDays: 91 } },
      'retentionPolicy.deleteThreadAfterDays',
    ],
    ['a body that is a list', [], ''],
  ])('R30: %s is a 400 that names the field', async (_name, body, target) => {
    const threads = await rest.threads();
    expectRefusal(await rest.call('POST', '/chat/threads', { body }), {
      status: 400,
      code: 'BadRequest',
      ...(target === '' ? {} : { target }),
    });
    expect(await rest.threads()).toEqual(threads);
  });

  it.each(['', '{', '{"topic":', 'null', '"x"'])('R30: the body %j is a 400', async (body) => {
    const answer = await rest.call('POST', '/chat/threads', { body, headers: { 'content-type': 'application/json' } });
    expectRefusal(answer, { status: 400, code: 'BadRequest' });
  });
});
