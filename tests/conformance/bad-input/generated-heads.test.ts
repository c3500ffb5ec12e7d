import fc from 'fast-check';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { itSurvives } from './aftermath.ts';
import { arbitraryHead } from './arbitrary-heads.ts';
import { Ground } from './ground.ts';
import { OPERATIONS } from './operations.ts';
import { expectEnvelope } from './refusals.ts';
import { expectServed, newScene, validCall, validHeaders } from './scene.ts';

/** Requests for each operation; `BAD_INPUT_RUNS=10000` is the long form. */
const RUNS = Number(process.env['BAD_INPUT_RUNS'] ?? 200);
const TIMEOUT_MS = 60_000 + RUNS * 50;
/** They replace everything, scenes included, whatever their target and headers say. */
const REPLACING = /^Admin_(?:Reset|SaveSnapshot)$/;

describe('generated targets and headers', () => {
  let ground: Ground;
  beforeAll(async () => {
    ground = await Ground.prepare();
  });
  afterAll(() => ground[Symbol.asyncDispose]());

  for (const operation of OPERATIONS.filter(({ id }) => !REPLACING.test(id))) {
    it(
      `bad input: ${operation.id} takes or refuses whatever target and headers are sent, and never fails`,
      { timeout: TIMEOUT_MS },
      async () => {
        const scene = await newScene(ground);
        const { body } = validCall(operation, scene);
        // A snapshot that is there would be restored thousands of times, and a test without its resource could not go on.
        const { name = '' } = scene.values;
        const known = { ...scene, values: { ...scene.values, snapshotName: 'none', resourceName: name, resourceGroupName: name } };
        await fc.assert(
          fc.asyncProperty(arbitraryHead(operation, known), async ({ target, headers }) => {
            const call = { method: operation.method, target, ...(body === undefined ? {} : { body }) };
            const answer = await ground.send(call, { ...headers, ...validHeaders(operation, scene, call) });
            if (operation.responses[answer.status] === undefined) expectEnvelope(answer);
          }),
          { numRuns: RUNS },
        );
        await expectServed(operation, await newScene(ground));
      },
    );
  }

  itSurvives(() => ground);
});
