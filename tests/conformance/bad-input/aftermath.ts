import { expect, it } from 'vitest';
import { residentBytes } from '../../lib/server-measures.ts';
import type { Ground } from './ground.ts';
import { expectServed, newScene } from './scene.ts';
import { OPERATIONS } from './operations.ts';

/** An idle server has some 200 MB. */
const MOST_RSS_BYTES = 700 * 1024 * 1024;
/** Generous: the machine has other things to do. What it must show is a loop that is not stuck. */
const RESPONSIVE_MS = 2_000;

/** The last test of a file: whatever was done above, the server is well and has told nobody. */
export function itSurvives(ground: () => Ground): void {
  it('bad input: after all of it the server serves, is small, and its log holds no error and no secret', async () => {
    const { server, secrets } = ground();
    const asked = performance.now();
    const ready = await fetch(new URL('/ready', server.ready.httpEndpoint));
    expect(ready.status).toBe(200);
    expect(performance.now() - asked).toBeLessThan(RESPONSIVE_MS);

    const scene = await newScene(ground());
    for (const operation of OPERATIONS.filter(({ method }) => method === 'GET')) await expectServed(operation, scene);

    expect(residentBytes(server)).toBeLessThan(MOST_RSS_BYTES);
    expect(server.log).toContain('"level":"info"');
    expect(
      server.log
        .split('\n')
        .filter((line) => /"level":"(?:error|fatal)"/.test(line))
        .slice(0, 3),
    ).toEqual([]);
    expect([...secrets].filter((secret) => server.log.includes(secret))).toEqual([]);
  });
}
