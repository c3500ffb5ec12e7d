import { randomUUID } from 'node:crypto';
import { type Operation, putTeamsAssignment, resetState } from '@switchboard/contract';
import { ChatRest } from '../../lib/chat-rest.ts';
import { type ChatUser, newUser } from '../../lib/chat-user.ts';
import { allocate } from '../../lib/live-client.ts';
import { connectPolling } from '../../lib/polling-client.ts';
import type { RawAnswer } from '../../lib/raw-request.ts';
import { newResource } from '../../lib/resources.ts';
import { eventBodies, eventScene } from './event-scene.ts';
import { type BareCall, type Ground, type Headers, PERSON } from './ground.ts';
import { minimalOf } from './json-schema.ts';
import { targetOf } from './operations.ts';
import { phoneNumberBodies, phoneNumberScene } from './phone-number-scene.ts';
import { smsBodies, smsScene } from './sms-scene.ts';

/** Fresh things of one's own for one test, and valid requests about them. */
export interface Scene {
  readonly ground: Ground;
  readonly user: ChatUser;
  readonly friend: ChatUser;
  readonly rest: ChatRest;
  readonly threadId: string;
  /** Address of a live connection that was allocated. */
  readonly surl: string;
  /** Connect parameters of that connection, and of one that polls as session `sid`. */
  readonly connectparams: Readonly<Record<'Live_Poll' | 'Live_Send', Readonly<Record<string, string>>>>;
  /** Occurs in everything that users write here, and must not occur in the log. */
  readonly marker: string;
  /** Values of path parameters. */
  readonly values: Readonly<Record<string, string>>;
}

/** Holds the ground and the newest scene on it. */
const SNAPSHOT = 'scene';

type Bodies = Readonly<Record<string, (scene: Scene) => unknown>>;

/** Bodies whose meaning a schema does not tell; the others are made from their schema. */
const BODIES: Bodies = {
  Admin_AddChatParticipants: ({ friend }) => ({ participants: [{ id: friend.id }] }),
  Admin_AddFaultRule: () => ({ match: { user: '8:acs:nobody' }, http: { status: 503 } }),
  Admin_AdvanceClock: () => ({ by: 'PT1S' }),
  Admin_LoadFixtures: ({ marker }) => ({
    users: [{ handle: 'a', token: { scopes: ['chat'] } }],
    threads: [{ topic: marker, creator: 'a', messages: [{ sender: 'a', content: marker }] }],
  }),
  Admin_RemoveChatParticipant: ({ friend }) => ({ id: friend.id }),
  Admin_SendChatMessage: ({ user, marker }) => ({ as: user.id, content: marker }),
  Admin_SendReadReceipt: ({ user, values }) => ({ as: user.id, chatMessageId: values['chatMessageId'] }),
  Admin_SendTypingNotification: ({ user }) => ({ as: user.id }),
  // Ahead of the server's clock, so that what has expired stays so.
  Admin_SetClock: () => ({ to: new Date(Date.now() + 600_000).toISOString() }),
  Admin_CreateChatThread: ({ user, friend, marker }) => ({ as: user.id, topic: marker, participants: [{ id: friend.id }] }),
  Admin_CreateResource: () => ({ name: `r-${randomUUID()}` }),
  Admin_RegenerateKey: () => ({ keyType: 'secondary' }),
  ChatThread_AddChatParticipants: ({ friend }) => ({
    participants: [{ communicationIdentifier: { communicationUser: { id: friend.id } } }],
  }),
  ChatThread_RemoveChatParticipant: ({ friend }) => ({ communicationUser: { id: friend.id } }),
  ChatThread_SendChatReadReceipt: ({ values }) => ({ chatMessageId: values['chatMessageId'] }),
  CommunicationIdentity_ExchangeTeamsUserAccessToken: ({ ground }) => ({
    token: ground.issuer.token({ claims: PERSON }),
    appId: PERSON.appid,
    userId: PERSON.oid,
  }),
  CommunicationIdentity_IssueAccessToken: () => ({ scopes: ['chat'] }),
  CommunicationIdentity_IssueToken: () => ({ scopes: ['chat'] }),
  Admin_SaveSnapshot: () => ({ name: SNAPSHOT, replace: true }),
  Admin_TriggerEvents: () => ({ type: 'SMSReceived' }),
  Live_Register: ({ surl }) => ({ registrationId: randomUUID(), transports: { TROUTER: [{ path: surl }] } }),
};

export async function newScene(ground: Ground): Promise<Scene> {
  const { server } = ground;
  // In the place of whatever rules a test has set: the scene itself must not be disturbed.
  const ruleName = `rule-${randomUUID()}`;
  await server.admin('PUT', '/admin/faults/rules', { rules: [{ name: ruleName, match: { user: '8:acs:nobody' }, http: { status: 503 } }] });
  const user = await newUser(server);
  const friend = await newUser(server);
  const marker = `marker-${randomUUID()}`;
  const rest = new ChatRest(server.ready.httpEndpoint, user);
  const threadId = await rest.createThread([friend], marker);
  const chatMessageId = await rest.send(threadId, marker);
  const deletedThreadId = await rest.createThread([], marker);
  await rest.call('DELETE', `/chat/threads/${encodeURIComponent(deletedThreadId)}`);
  const { surl, connectparams } = await allocate(server.ready.httpEndpoint, user);
  const polling = await connectPolling(server.ready.httpEndpoint, user);
  for (const secret of [user.token, friend.token, marker]) ground.secrets.add(secret);
  const { headers } = await rest.call('GET', '/chat/threads');
  const values = {
    ...(await eventScene(ground)),
    ...(await phoneNumberScene(ground)),
    ...(await smsScene(ground, marker)),
    id: user.id,
    userId: user.id,
    chatThreadId: threadId,
    deletedThreadId,
    chatMessageId,
    name: (await newResource(server)).name,
    requestId: headers.get('x-ms-request-id') ?? '',
    registrationId: randomUUID(),
    sid: polling.sid,
    ruleName,
    tenantId: PERSON.tid,
    objectId: PERSON.oid,
    snapshotName: SNAPSHOT,
  };
  await ground.signed('PUT', targetOf(putTeamsAssignment, values), JSON.stringify({ principalType: 'user' }));
  await server.admin('POST', '/admin/snapshots', { name: SNAPSHOT, replace: true });
  return {
    ground,
    user,
    friend,
    rest,
    threadId,
    surl,
    connectparams: { Live_Poll: connectparams, Live_Send: polling.allocation.connectparams },
    marker,
    values,
  };
}

/** A request that must succeed. */
export function validCall(operation: Operation, scene: Scene): BareCall {
  return { method: operation.method, target: validTarget(operation, scene), ...bodyOf(operation, scene) };
}

function validTarget(operation: Operation, scene: Scene): string {
  const { id } = operation;
  if (id === 'PhoneNumbers_ListAreaCodes') return `${targetOf(operation, scene.values)}&phoneNumberType=geographic`;
  if (id !== 'Live_Poll' && id !== 'Live_Send') return targetOf(operation, scene.values);
  // The first poll of a session is answered at once, later ones wait.
  const values = id === 'Live_Poll' ? { ...scene.values, sid: randomUUID() } : scene.values;
  return `${targetOf(operation, values)}?${new URLSearchParams(scene.connectparams[id]).toString()}`;
}

export function validHeaders(operation: Operation, scene: Scene, call: BareCall): Headers {
  return scene.ground.credentials(operation, call, scene.user);
}

/** Sends with valid credentials. */
export async function sendValid(operation: Operation, scene: Scene, call: BareCall = validCall(operation, scene)): Promise<RawAnswer> {
  const answer = await scene.ground.send(call, validHeaders(operation, scene, call));
  // Other scenes stand on the same ground.
  if (operation === resetState) await scene.ground.server.admin('POST', `/admin/snapshots/${SNAPSHOT}:restore`);
  return answer;
}

/** The control of a test of refusals: without it a server that refuses everything would pass. @throws Error */
export async function expectServed(operation: Operation, scene: Scene): Promise<void> {
  const { status, text } = await sendValid(operation, scene);
  if (operation.responses[status] === undefined) {
    throw new Error(`a valid ${operation.id} was answered ${status} ${text}; if it is the example that is wrong, correct it in scene.ts`);
  }
}

function bodyOf(operation: Operation, scene: Scene): { readonly body?: string } {
  const { ground, values } = scene;
  const bodies = { ...eventBodies(ground), ...phoneNumberBodies(values), ...smsBodies(values) };
  const made = BODIES[operation.id]?.(scene) ?? bodies[operation.id]?.();
  if (made !== undefined) return { body: JSON.stringify(made) };
  return operation.body === undefined ? {} : { body: JSON.stringify(minimalOf(operation.body)) };
}
