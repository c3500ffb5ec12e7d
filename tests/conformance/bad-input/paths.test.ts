import { createChatThread, type Operation } from '@switchboard/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { head, sendRaw, type WireAnswer } from '../../lib/raw-connection.ts';
import { itSurvives } from './aftermath.ts';
import { Ground } from './ground.ts';
import { OPERATIONS, paramNamesOf, targetOf } from './operations.ts';
import { expectEnvelope } from './refusals.ts';
import { expectServed, newScene, type Scene, sendValid, validCall, validHeaders } from './scene.ts';

/** Deletions say what holds afterwards, and an assignment may be made for anybody. Some ids are names that may be chosen. */
const TAKES_UNKNOWN_IDS = new Set([
  'Admin_CloseEventListener',
  'Admin_OpenEventListener',
  // A listener that was opened under a strange name is an event subscription.
  'Admin_UpdateEventSubscription',
  'EventSubscriptions_CreateOrUpdate',
  'EventSubscriptions_Delete',
  'EventSubscriptions_ListRegionalByResourceGroup',
  'EventSubscriptions_ListRegionalByResourceGroupForTopicType',
  'EventSubscriptions_ListRegionalBySubscription',
  'EventSubscriptions_ListRegionalBySubscriptionForTopicType',
  'EventGrid_GetOperationStatus',
  'SystemTopics_Delete',
  'TopicEventSubscriptions_CreateOrUpdate',
  'TopicEventSubscriptions_Delete',
  'Topics_CreateOrUpdate',
  'Topics_Delete',
  'CommunicationIdentity_Delete',
  'Live_Unregister',
  'TeamsExtensionAssignment_Delete',
  'TeamsExtensionAssignment_Put',
]);

/** Ids as they stand in the target: encoded, double encoded, broken, hostile. */
const STRANGE_IDS = [
  'x',
  '%20',
  '%00',
  'a%00b',
  '%2F',
  '%2Fadmin%2Fstatus',
  '%2e%2e',
  '..',
  '.',
  '%2e%2e%2f%2e%2e%2fadmin%2fstatus',
  '%252e%252e%252f',
  '%3A',
  'x%3AissueAccessToken',
  ':issueAccessToken',
  'x:y:z',
  '%zz',
  '%',
  '%2',
  '%c0%af',
  '%ed%a0%80',
  '%ff',
  '%F0%9F%98%80',
  '%0d%0aSet-Cookie:%20a=b',
  '%0d%0a%0d%0aHTTP/1.1%20200%20OK',
  '__proto__',
  'constructor',
  'toString',
  '~0',
  '*',
  '%2A',
  "'%20OR%201=1%20--",
  '8%3Aacs%3A00000000-0000-0000-0000-000000000000_00000000-0000-0000-0000-000000000000',
  '19%3Athread%40thread.v2',
  '99999999999999999999999999',
  '-1',
  'x'.repeat(513),
  '%41'.repeat(700),
  `8%3Aacs%3A${'x'.repeat(4_000)}`,
] as const;

describe('strange paths', () => {
  let ground: Ground;
  beforeAll(async () => {
    ground = await Ground.prepare();
  });
  afterAll(() => ground[Symbol.asyncDispose]());

  /** Sends to the plain listener byte for byte, with headers after the host. */
  async function send(requestLine: string, headers: readonly string[] = []): Promise<WireAnswer | undefined> {
    const { httpEndpoint } = ground.server.ready;
    return sendRaw(httpEndpoint, head(requestLine, [`Host: ${new URL(httpEndpoint).host}`, 'Connection: close', ...headers]));
  }

  async function sendSigned(operation: Operation, scene: Scene, target: string): Promise<WireAnswer | undefined> {
    const { body } = validCall(operation, scene);
    const call = { method: operation.method, target, ...(body === undefined ? {} : { body }) };
    const signed = Object.entries(validHeaders(operation, scene, call)).filter(([name]) => name !== 'host');
    const lines = signed.map(([name, value]) => `${name}: ${value}`);
    const { httpEndpoint } = ground.server.ready;
    const typed = body === undefined ? [] : ['Content-Type: application/json', `Content-Length: ${Buffer.byteLength(body)}`];
    return sendRaw(
      httpEndpoint,
      head(`${call.method} ${target} HTTP/1.1`, [`Host: ${new URL(httpEndpoint).host}`, 'Connection: close', ...lines, ...typed]) +
        String(body ?? ''),
    );
  }

  for (const operation of OPERATIONS) {
    for (const name of paramNamesOf(operation)) {
      it(`bad input: ${operation.id} refuses every strange ${name}`, async () => {
        const scene = await newScene(ground);
        for (const id of STRANGE_IDS) {
          const values = Object.fromEntries(
            Object.entries(scene.values).map(([key, value]) => [key, key === name ? id : encodeURIComponent(value)]),
          );
          const answer = await sendSigned(
            operation,
            scene,
            targetOf(operation, values, (value) => value),
          );
          const isTaken = answer !== undefined && answer.status < 300;
          expect(isTaken && !TAKES_UNKNOWN_IDS.has(operation.id), `${id}: ${JSON.stringify(answer)}`).toBe(false);
          if (!isTaken) expectRefused(answer, id);
        }
        await expectServed(operation, scene);
      });
    }
  }

  it('bad input: an encoded colon never stands for a verb after an id', async () => {
    const scene = await newScene(ground);
    const id = encodeURIComponent(scene.user.id);
    const answer = await ground.send({ method: 'POST', target: `/identities/${id}%3AissueAccessToken?api-version=2023-10-01` }, {});
    expect(answer.status).toBe(405);
    expect(answer.headers.allow).toBe('GET, DELETE');
  });

  it.each([
    ['a parent folder', 'GET /health/../admin/status HTTP/1.1', 404],
    ['the same folder', 'GET /./health HTTP/1.1', 404],
    ['a trailing slash', 'GET /health/ HTTP/1.1', 404],
    ['three slashes', 'GET ///health HTTP/1.1', 404],
    ['an encoded letter', 'GET /%68ealth HTTP/1.1', 404],
    ['an encoded slash', 'GET %2Fhealth HTTP/1.1', 400],
    ['another case', 'GET /HEALTH HTTP/1.1', 404],
    ['a semicolon', 'GET /health;x=1 HTTP/1.1', 404],
    ['a backslash', 'GET \\health HTTP/1.1', 400],
    ['a backslash inside', 'GET /admin\\..\\health HTTP/1.1', 404],
    ['a fragment', 'GET /health#top HTTP/1.1', 400],
    ['a fragment in the query', 'GET /health?a#top HTTP/1.1', 400],
    ['an encoded fragment', 'GET /health%23top HTTP/1.1', 404],
    ['an encoded query', 'GET /health%3Fa=b HTTP/1.1', 404],
    ['the internal name of a route', 'GET /~0 HTTP/1.1', 404],
    ['the internal name of an answer', 'GET /~204 HTTP/1.1', 404],
    ['absolute form', 'GET http://localhost/health HTTP/1.1', 400],
    ['absolute form of elsewhere', 'GET http://elsewhere.example/health HTTP/1.1', 400],
    ['absolute form with a user', 'GET http://localhost@elsewhere.example/health HTTP/1.1', 400],
    ['another protocol', 'GET file:///etc/passwd HTTP/1.1', 400],
    ['an asterisk', 'GET * HTTP/1.1', 400],
    ['an asterisk for OPTIONS', 'OPTIONS * HTTP/1.1', 400],
    ['no slash in front', 'GET health HTTP/1.1', 400],
    ['no target', 'GET  HTTP/1.1', 400],
    ['a space', 'GET /health x HTTP/1.1', 400],
    ['a control character', 'GET /health\x01 HTTP/1.1', 400],
    ['a NUL', 'GET /health\0 HTTP/1.1', 400],
    ['a delete character', 'GET /health\x7f HTTP/1.1', 400],
    ['bytes beyond ASCII', 'GET /health\xe9\xff HTTP/1.1', 400],
    ['a lone line feed', 'GET /health\n HTTP/1.1', 400],
    ['a method of WebDAV', 'PROPFIND /health HTTP/1.1', 405],
    ['TRACE', 'TRACE /health HTTP/1.1', 405],
    ['PURGE', 'PURGE /health HTTP/1.1', 405],
    ['a method that is none', 'STEAL /health HTTP/1.1', 400],
    ['a method in lower case', 'get /health HTTP/1.1', 400],
    ['the wrong method', 'DELETE /health HTTP/1.1', 405],
    ['a wrong method on a verb', 'GET /identities/x/:issueAccessToken HTTP/1.1', 405],
    ['a long target', `GET /${'x'.repeat(15_000)} HTTP/1.1`, 404],
    ['a target over the limit', `GET /${'x'.repeat(20_000)} HTTP/1.1`, 431],
    ['a deep path', `GET ${'/a'.repeat(5_000)} HTTP/1.1`, 404],
    ['many slashes', `GET ${'/'.repeat(8_000)} HTTP/1.1`, 404],
    ['many colons', `GET /identities/${':'.repeat(8_000)} HTTP/1.1`, 401],
    ['an escape that is cut', 'GET /identities/%E2%82?api-version=2023-10-01 HTTP/1.1', 400],
    ['no version', 'GET /health', 400],
    ['a version to come', 'GET /health HTTP/3.7', 400],
    ['another protocol altogether', 'SSH-2.0-OpenSSH_9.6', 400],
  ] as const)('bad input: %s in the request line is refused', async (name, requestLine, status) => {
    const answer = await send(requestLine);
    expect(answer?.status, JSON.stringify(answer)).toBe(status);
    expectRefused(answer, name);
  });

  it('bad input: a tunnel is refused', async () => {
    const answer = await send('CONNECT elsewhere.example:443 HTTP/1.1');
    expect(answer?.status ?? 400).toBeGreaterThanOrEqual(400);
  });

  it('bad input: the preface of HTTP/2 is refused', async () => {
    const answer = await sendRaw(ground.server.ready.httpEndpoint, 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
    expect(answer?.status).toBe(400);
  });

  it.each([
    '/portal/../../../etc/passwd',
    '/portal/..%2f..%2f..%2fetc%2fpasswd',
    '/portal/%2e%2e/package.json',
    '/portal/%00',
    '/portal//etc/passwd',
    '/portal/C:%5Cboot.ini',
    '/portal/....//package.json',
  ])('bad input: %s shows no file but those of the portal', async (target) => {
    const answer = await send(`GET ${target} HTTP/1.1`);
    expect([200, 404, 503]).toContain(answer?.status);
    expect(answer?.body).not.toMatch(/root:|"dependencies"|"devDependencies"/);
  });

  it('bad input: an endpoint that ends in a slash works, as the chat SDK builds its targets', async () => {
    const scene = await newScene(ground);
    const { target } = validCall(createChatThread, scene);
    expect((await sendValid(createChatThread, scene, { ...validCall(createChatThread, scene), target: `/${target}` })).status).toBe(201);
  });

  itSurvives(() => ground);
});

/** Asserts a refusal with the envelope, also where the request was no HTTP at all. */
function expectRefused(answer: WireAnswer | undefined, what: string): void {
  expect(answer, `${what}: the server hung up without a word`).toBeDefined();
  expect(
    () => expectEnvelope({ status: answer!.status, headers: answer!.headers, text: answer!.body }),
    `${what}: ${JSON.stringify(answer)}`,
  ).not.toThrow();
}
