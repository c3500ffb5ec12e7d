import { describe, expect, it } from 'vitest';
import { calm } from './lib/calm.ts';
import { planted, type Plant } from './lib/plants.ts';
import type { ViolationKind } from './lib/evidence.ts';

/** How each planted bug shows; those that show otherwise are in power-cut.test.ts and walk.test.ts. */
const SIGNS: Partial<Record<Plant, ViolationKind>> = {
  'dropped push': 'push missing',
  'pushes in wrong order': 'push out of order',
  'pages in wrong order': 'id does not rise',
  'missed revocation': 'access after its end',
  'duplicate message': 'twice',
  'push to strangers': 'push to a stranger',
};

describe('a storm without faults', () => {
  it('R34: reaches every member once stored, in one order, and nobody else; R19: ends for a revoked one', async () => {
    expect((await calm()).violations).toEqual([]);
  });

  it.each(Object.entries(SIGNS))('R34: shows the planted bug: %s', async (plant, sign) => {
    const { violations, log } = await calm(planted(plant as Plant));
    expect(log).toContain(`planted: ${plant}`);
    expect(new Set(violations.map(({ kind }) => kind))).toContain(sign);
  });
});
