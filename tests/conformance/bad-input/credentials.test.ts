import { OPERATIONS as EVERY } from '@switchboard/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { itSurvives } from './aftermath.ts';
import { Ground } from './ground.ts';
import { OPERATIONS } from './operations.ts';
import { expectExplained } from './refusals.ts';
import { expectServed, newScene, validCall } from './scene.ts';
import { wrongCredentials } from './wrong-credentials.ts';

describe('wrong credentials', () => {
  let ground: Ground;
  beforeAll(async () => {
    ground = await Ground.prepare();
  });
  afterAll(() => ground[Symbol.asyncDispose]());

  for (const operation of OPERATIONS.filter(({ auth }) => auth !== 'none')) {
    it(`R25, R26, R27: ${operation.id} refuses every credential but its own, says why, and does nothing`, async () => {
      const scene = await newScene(ground);
      const call = validCall(operation, scene);
      const wrong = wrongCredentials(operation, scene, call);
      expect(wrong.length).toBeGreaterThanOrEqual(10);
      for (const { name, headers, statuses } of wrong) {
        const answer = await ground.send(call, headers);
        await expectExplained(ground, answer, statuses).catch((cause: unknown) => {
          throw new Error(`${operation.id} with ${name} was answered ${answer.status} ${answer.text}`, { cause });
        });
      }
      // What a refused call would have destroyed is still there, and the right credential works.
      await expectServed(operation, scene);
    });
  }

  it('R2, R25: what needs no credentials is the health, the readiness, and the public keys', () => {
    // The token in a validation URL is its credential: tests/conformance/events/handshakes.test.ts.
    const byToken = ['EventSubscriptions_Allow', 'EventSubscriptions_Validate'];
    const open = EVERY.filter(({ auth }) => auth === 'none').map(({ id }) => id);
    expect(open.sort()).toEqual([...byToken, 'Health', 'KeySet', 'Ready']);
  });

  itSurvives(() => ground);
});
