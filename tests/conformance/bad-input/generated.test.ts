import fc from 'fast-check';
import { addChatParticipants, createChatThread, createResource, type Operation, sendChatMessage } from '@switchboard/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { itSurvives } from './aftermath.ts';
import { arbitraryBody } from './arbitrary-bodies.ts';
import { Ground } from './ground.ts';
import { fullOf } from './json-schema.ts';
import { OPERATIONS } from './operations.ts';
import { expectEnvelope } from './refusals.ts';
import { expectServed, newScene, type Scene, sendValid, validCall } from './scene.ts';

/** Bodies for each operation; `BAD_INPUT_RUNS=10000` is the long form. */
const RUNS = Number(process.env['BAD_INPUT_RUNS'] ?? 200);
const TIMEOUT_MS = 60_000 + RUNS * 50;

describe('generated bodies', () => {
  let ground: Ground;
  beforeAll(async () => {
    ground = await Ground.prepare();
  });
  afterAll(() => ground[Symbol.asyncDispose]());

  for (const operation of OPERATIONS) {
    if (operation.body === undefined) continue;
    it(`bad input: ${operation.id} takes or refuses whatever body is sent, and never fails`, { timeout: TIMEOUT_MS }, async () => {
      const scene = await newScene(ground);
      await abuse(operation, scene);
      await resetClock(ground);
      await expectServed(operation, await newScene(ground));
    });
  }

  const written: readonly [Operation, (scene: Scene) => Promise<number>][] = [
    [createChatThread, async ({ rest }) => (await rest.threads()).length],
    [sendChatMessage, async ({ rest, threadId }) => (await rest.messages(threadId)).length],
    [createResource, async () => (await ground.server.admin<{ value: unknown[] }>('GET', '/admin/resources')).body.value.length],
  ];
  for (const [operation, count] of written) {
    it(
      `bad input: ${operation.id} writes once for each body it takes, and nothing for one it refuses`,
      { timeout: TIMEOUT_MS },
      async () => {
        const scene = await newScene(ground);
        const before = await count(scene);
        const taken = await abuse(operation, scene);
        expect(await count(scene)).toBe(before + taken);
      },
    );
  }

  it('bad input: a list with one bad participant adds none of the others', async () => {
    const scene = await newScene(ground);
    const { user, rest, threadId } = scene;
    const before = await rest.participants(threadId);
    const good = { communicationIdentifier: { communicationUser: { id: ground.voipOnly.id } } };
    const bad = fullOf({ type: 'object', properties: { displayName: { type: 'integer' } } });
    const answer = await sendValid(addChatParticipants, scene, {
      ...validCall(addChatParticipants, scene),
      body: JSON.stringify({ participants: [good, bad] }),
    });
    expect(answer.status).toBe(400);
    expect(await rest.participants(threadId)).toEqual(before);
    expect(before.map(({ communicationIdentifier }) => communicationIdentifier.rawId)).toContain(user.id);
  });

  itSurvives(() => ground);
});

/** @returns how many bodies were taken */
async function abuse(operation: Operation, scene: Scene): Promise<number> {
  const call = validCall(operation, scene);
  let taken = 0;
  await fc.assert(
    fc.asyncProperty(arbitraryBody(operation.body ?? {}), async (body) => {
      const answer = await sendValid(operation, scene, { ...call, body: JSON.stringify(body) });
      if (answer.status >= 300) expectEnvelope(answer);
      else taken += 1;
    }),
    { numRuns: RUNS },
  );
  return taken;
}

/** Bodies of the clock operations that were taken have moved it. */
async function resetClock(ground: Ground): Promise<void> {
  const { status } = await ground.server.admin('POST', '/admin/clock:set', { to: new Date(Date.now() + 600_000).toISOString() });
  expect(status).toBe(200);
}
