import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { head, RawConnection, sendRaw, type WireAnswer } from '../../lib/raw-connection.ts';
import { startServer } from '../../lib/server.ts';
import { itSurvives } from './aftermath.ts';
import { Ground } from './ground.ts';
import { expectEnvelope } from './refusals.ts';
import { newScene, type Scene } from './scene.ts';

/** What an attacker hides behind a request in the hope that somebody reads it as the next one. */
const HIDDEN = 'GET /health?hidden HTTP/1.1\r\nHost: localhost\r\n\r\n';
const BODY = '{"content":"hello"}';
const CHUNKED = `${BODY.length.toString(16)}\r\n${BODY}\r\n0\r\n\r\n`;

describe('framing of requests', () => {
  let ground: Ground;
  let scene: Scene;
  let endpoint: string;
  let host: string;
  beforeAll(async () => {
    ground = await Ground.prepare();
    scene = await newScene(ground);
    endpoint = ground.server.ready.httpEndpoint;
    host = `Host: ${new URL(endpoint).host}`;
  });
  afterAll(() => ground[Symbol.asyncDispose]());

  /** The head of a send of a message, with these headers besides. */
  function sendHead(...headers: readonly string[]): string {
    const target = `/chat/threads/${encodeURIComponent(scene.threadId)}/messages?api-version=2025-03-15`;
    return head(`POST ${target} HTTP/1.1`, [
      host,
      `Authorization: Bearer ${scene.user.token}`,
      'Content-Type: application/json',
      ...headers,
    ]);
  }

  async function countMessages(): Promise<number> {
    return (await scene.rest.messages(scene.threadId)).length;
  }

  it.each([
    ['a length and chunks', ['Content-Length: 5', 'Transfer-Encoding: chunked'], `0\r\n\r\n${HIDDEN}`],
    ['chunks and a length', ['Transfer-Encoding: chunked', `Content-Length: ${CHUNKED.length}`], CHUNKED + HIDDEN],
    ['two lengths', [`Content-Length: ${BODY.length}`, `Content-Length: ${BODY.length + HIDDEN.length}`], BODY + HIDDEN],
    ['two equal lengths', [`Content-Length: ${BODY.length}`, `Content-Length: ${BODY.length}`], BODY + HIDDEN],
    ['a list of lengths', [`Content-Length: ${BODY.length}, 5`], BODY + HIDDEN],
    ['a length with a sign', [`Content-Length: +${BODY.length}`], BODY + HIDDEN],
    ['a negative length', ['Content-Length: -1'], BODY + HIDDEN],
    ['a hexadecimal length', ['Content-Length: 0x13'], BODY + HIDDEN],
    ['a length beyond all numbers', ['Content-Length: 99999999999999999999999'], BODY + HIDDEN],
    ['an empty length', ['Content-Length: '], BODY + HIDDEN],
    ['an unknown coding', ['Transfer-Encoding: xchunked'], CHUNKED + HIDDEN],
    ['chunks that are not last', ['Transfer-Encoding: chunked, identity'], CHUNKED + HIDDEN],
    ['a space in front of the colon', ['Transfer-Encoding : chunked'], CHUNKED + HIDDEN],
    ['a space in front of a name', [' Transfer-Encoding: chunked'], CHUNKED + HIDDEN],
    ['a folded header', ['X-A: b', ' Transfer-Encoding: chunked'], CHUNKED + HIDDEN],
    ['a NUL in a name', ['Transfer\0Encoding: chunked'], CHUNKED + HIDDEN],
    ['a NUL in a value', ['X-A: b\0c', `Content-Length: ${BODY.length}`], BODY + HIDDEN],
    ['a lone carriage return in a value', ['X-A: b\rContent-Length: 0', `Content-Length: ${BODY.length}`], BODY + HIDDEN],
    ['a header without a colon', ['X-A', `Content-Length: ${BODY.length}`], BODY + HIDDEN],
    ['a header without a name', [': b', `Content-Length: ${BODY.length}`], BODY + HIDDEN],
    ['a chunk that is no number', ['Transfer-Encoding: chunked'], `zz\r\n${BODY}\r\n0\r\n\r\n${HIDDEN}`],
    ['a negative chunk', ['Transfer-Encoding: chunked'], `-13\r\n${BODY}\r\n0\r\n\r\n${HIDDEN}`],
    ['a chunk beyond all numbers', ['Transfer-Encoding: chunked'], `fffffffffffffffff\r\n${BODY}\r\n0\r\n\r\n${HIDDEN}`],
    ['a chunk shorter than its bytes', ['Transfer-Encoding: chunked'], `2\r\n${BODY}\r\n0\r\n\r\n${HIDDEN}`],
    ['a chunk ended by a line feed', ['Transfer-Encoding: chunked'], `13\n${BODY}\n0\n\n${HIDDEN}`],
    ['a chunk extension with a line feed', ['Transfer-Encoding: chunked'], `13;a=b\nc\r\n${BODY}\r\n0\r\n\r\n${HIDDEN}`],
    ['endless chunk extensions', ['Transfer-Encoding: chunked'], `13;${'x'.repeat(100_000)}\r\n${BODY}\r\n0\r\n\r\n${HIDDEN}`],
  ] as const)('bad input: %s is refused, and what hides behind it is never read', async (_name, headers, rest) => {
    const before = await countMessages();
    using connection = await RawConnection.open(endpoint);
    connection.send(sendHead(...headers) + rest);
    const answers = await connection.answers();
    expect(answers.map(({ status }) => status >= 400 && status < 500)).toEqual([true]);
    expectEnvelope(asAnswer(answers[0]));
    expect(await countMessages()).toBe(before);
  });

  it.each([
    ['a length', [`Content-Length: ${BODY.length}`], BODY],
    ['one chunk', ['Transfer-Encoding: chunked'], CHUNKED],
    ['a chunk for each byte', ['Transfer-Encoding: chunked'], `${Array.from(BODY, (byte) => `1\r\n${byte}\r\n`).join('')}0\r\n\r\n`],
    ['chunk sizes with zeros', ['Transfer-Encoding: chunked'], `00000${CHUNKED}`],
    ['a chunk extension', ['Transfer-Encoding: chunked'], CHUNKED.replace('\r\n', ';a="b"\r\n')],
    [
      'trailers',
      ['Transfer-Encoding: chunked', 'Trailer: X-A'],
      CHUNKED.replace(/\r\n\r\n$/, '\r\nX-A: b\r\nAuthorization: Bearer x\r\n\r\n'),
    ],
    [
      'an upgrade to HTTP/2 that nobody takes up',
      ['Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABkAARAAAAA', `Content-Length: ${BODY.length}`],
      BODY,
    ],
    ['a session that is to be kept', ['Connection: keep-alive', `Content-Length: ${BODY.length}`], BODY],
  ] as const)('bad input: beside all that, %s works', async (_name, headers, rest) => {
    expect((await sendRaw(endpoint, sendHead(...headers) + rest))?.status).toBe(201);
  });

  it('bad input: a client that asks before it sends its body is told to go on', async () => {
    using connection = await RawConnection.open(endpoint);
    connection.send(sendHead('Expect: 100-continue', `Content-Length: ${BODY.length}`));
    expect((await connection.answer())?.status).toBe(100);
    connection.send(BODY);
    expect((await connection.answer())?.status).toBe(201);
  });

  it('bad input: another expectation is refused', async () => {
    const request = sendHead('Expect: a miracle', `Content-Length: ${BODY.length}`, 'Connection: close') + BODY;
    expect((await sendRaw(endpoint, request))?.status).toBe(417);
  });

  it('bad input: requests sent ahead are answered one by one in their order', async () => {
    const targets = ['/health', '/nowhere', '/ready', '/health#x', '/.well-known/jwks.json'];
    using connection = await RawConnection.open(endpoint);
    connection.send(targets.map((target) => head(`GET ${target} HTTP/1.1`, [host])).join(''));
    const statuses: (number | undefined)[] = [];
    for (const _ of targets) statuses.push((await connection.answer())?.status);
    expect(statuses).toEqual([200, 404, 200, 400, 200]);
  });

  it('bad input: a thousand requests sent ahead by a client that reads late are all answered', async () => {
    using connection = await RawConnection.open(endpoint);
    connection.socket.pause();
    connection.send(head('GET /health HTTP/1.1', [host]).repeat(1_000));
    connection.socket.resume();
    for (let i = 0; i < 1_000; i++) expect((await connection.answer())?.status).toBe(200);
  });

  it.each([
    ['no host', 'GET /health HTTP/1.1', []],
    ['an empty host', 'GET /health HTTP/1.1', ['Host: ']],
    ['no host in HTTP/1.0', 'GET /health HTTP/1.0', []],
    ['two hosts', 'GET /health HTTP/1.1', ['Host: localhost', 'Host: localhost']],
    ['two hosts of which one is foreign', 'GET /health HTTP/1.1', ['Host: localhost', 'hOST: elsewhere.example']],
  ] as const)('bad input: %s is refused', async (_name, requestLine, headers) => {
    const answer = await sendRaw(endpoint, head(requestLine, [...headers, 'Connection: close']));
    expect(answer?.status).toBe(400);
    expectEnvelope(asAnswer(answer));
  });

  it.each([
    ['one large header', [`X-A: ${'x'.repeat(20_000)}`]],
    ['many headers', Array.from({ length: 3_000 }, (_, at) => `X-${at}: y`)],
  ] as const)('bad input: %s is refused with 431', async (_name, headers) => {
    const answer = await sendRaw(endpoint, head('GET /health HTTP/1.1', [host, ...headers]));
    expect(answer?.status).toBe(431);
    expect(expectEnvelope(asAnswer(answer)).code).toBe('HeadersTooLarge');
  });

  it('bad input: a body that is larger than the limit is refused before it has all come', async () => {
    using connection = await RawConnection.open(endpoint);
    connection.send(sendHead('Content-Length: 1000000000'));
    expect((await connection.answer())?.status).toBe(413);
  });

  it('bad input: chunks without end are refused at the limit', async () => {
    using connection = await RawConnection.open(endpoint);
    const chunk = `10000\r\n${'x'.repeat(65_536)}\r\n`;
    connection.send(sendHead('Transfer-Encoding: chunked'));
    for (let i = 0; i < 20; i++) connection.send(chunk);
    expect((await connection.answer())?.status).toBe(413);
  });

  it('bad input: clients that stall in their headers or bodies delay neither others nor the stop', async () => {
    await using server = await startServer();
    const { httpEndpoint, endpoint: httpsEndpoint } = server.ready;
    const stalled = await Promise.all(
      Array.from({ length: 200 }, async (_, at) => {
        const connection = await RawConnection.open(at % 4 === 0 ? httpsEndpoint : httpEndpoint);
        const halfHead = 'POST /identities?api-version=2023-10-01 HTTP/1.1\r\nHost: localhost\r\nX-A';
        connection.send(at % 2 === 0 ? halfHead : `${halfHead}: b\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{`);
        return connection;
      }),
    );
    expect((await fetch(new URL('/ready', httpEndpoint))).status).toBe(200);
    expect((await fetch(new URL('/ready', httpsEndpoint))).status).toBe(200);
    expect(await server.stop()).toBe(0);
    for (const connection of stalled) await connection.ended();
  });

  itSurvives(() => ground);
});

function asAnswer(answer: WireAnswer | undefined): Parameters<typeof expectEnvelope>[0] {
  if (answer === undefined) throw new Error('the server hung up without a word');
  return { status: answer.status, headers: answer.headers, text: answer.body };
}
