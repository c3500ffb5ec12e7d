import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { head, RawConnection } from '../../lib/raw-connection.ts';
import { itSurvives } from './aftermath.ts';
import { Ground } from './ground.ts';
import { malformedBodies } from './malformed-bodies.ts';
import { OPERATIONS } from './operations.ts';
import { expectEnvelope, expectNamed } from './refusals.ts';
import { expectServed, newScene, sendValid, validCall, validHeaders } from './scene.ts';
import { wrongBodies } from './wrong-bodies.ts';

describe('bad bodies', () => {
  let ground: Ground;
  beforeAll(async () => {
    ground = await Ground.prepare();
  });
  afterAll(() => ground[Symbol.asyncDispose]());

  for (const operation of OPERATIONS) {
    const schema = operation.body;
    if (schema === undefined) continue;

    it(`bad input: ${operation.id} names each field that is wrong`, async () => {
      const scene = await newScene(ground);
      const call = validCall(operation, scene);
      for (const { name, field, text } of wrongBodies(schema)) {
        const answer = await sendValid(operation, scene, { ...call, body: text });
        expect(() => expectNamed(answer, field), `${name}: ${answer.status} ${answer.text}`).not.toThrow();
      }
      await expectServed(operation, scene);
    });

    it(`bad input: ${operation.id} refuses what is no JSON object`, async () => {
      const scene = await newScene(ground);
      const valid = validCall(operation, scene);
      for (const { name, body, status = 400, contentType } of malformedBodies(String(valid.body))) {
        const call = { ...valid, body };
        const typed = contentType === undefined ? {} : { 'content-type': contentType };
        const answer = await ground.send(call, { ...validHeaders(operation, scene, call), ...typed });
        expect(answer.status, `${name}: ${answer.text}`).toBe(status);
        expectEnvelope(answer);
      }
      await expectServed(operation, scene);
    });

    it(`bad input: ${operation.id} takes no body for an empty one only where it is optional`, async () => {
      const scene = await newScene(ground);
      const { method, target } = validCall(operation, scene);
      for (const call of [
        { method, target },
        { method, target, body: '' },
        { method, target, body: 'null' },
      ]) {
        const answer = await sendValid(operation, scene, call);
        if (operation.bodyOptional === true) expect(Object.keys(operation.responses)).toContain(String(answer.status));
        else expectNamed(answer, 'body');
      }
    });

    it(`bad input: ${operation.id} does nothing for a body that does not arrive whole`, async () => {
      const scene = await newScene(ground);
      const call = validCall(operation, scene);
      const { httpEndpoint } = ground.server.ready;
      const headers = { host: new URL(httpEndpoint).host, ...validHeaders(operation, scene, call), 'content-type': 'application/json' };
      const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
      const body = String(call.body);
      using cut = await RawConnection.open(httpEndpoint);
      cut.send(head(`${call.method} ${call.target} HTTP/1.1`, [...lines, `Content-Length: ${body.length + 1}`]) + body);
      cut.socket.end();
      expect((await cut.answer())?.status ?? 400).toBe(400);
      await expectServed(operation, scene);
    });
  }

  it('bad input: of a key given twice the last value counts, and is the one that was checked', async () => {
    const { rest, threadId, marker } = await newScene(ground);
    const path = `/chat/threads/${encodeURIComponent(threadId)}/messages`;
    expect((await rest.call('POST', path, { body: '{"content":"first","content":5}' })).status).toBe(400);
    const { status, body } = await rest.call<{ id: string }>('POST', path, { body: `{"content":5,"content":"${marker}"}` });
    expect(status).toBe(201);
    expect((await rest.message(threadId, body.id)).content).toEqual({ message: marker });
  });

  it('bad input: a byte order mark in front of a body changes nothing', async () => {
    const { rest, threadId, marker } = await newScene(ground);
    const { status } = await rest.call('POST', `/chat/threads/${encodeURIComponent(threadId)}/messages`, {
      body: `\ufeff{"content":"${marker}"}`,
    });
    expect(status).toBe(201);
  });

  itSurvives(() => ground);
});
