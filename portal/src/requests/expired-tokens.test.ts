import { expect, it } from 'vitest';
import { expiredTokens } from './expired-tokens.ts';
import type { RequestRecord } from './requests-api.ts';

function refused(caller: string | undefined, cause: string): RequestRecord {
  return { id: '', time: '', method: 'GET', path: '/', status: 401, durationMs: 1, cause, ...(caller === undefined ? {} : { caller }) };
}

it('R29: a token that is refused three times after its end is used past its life', () => {
  const list = [
    refused('ann', 'expired at 1'),
    refused('ann', 'expired at 1'),
    refused('bob', 'expired at 1'),
    refused('ann', 'expired at 1'),
  ];
  expect(expiredTokens(list)).toEqual([{ caller: 'ann', cause: 'expired at 1', refusals: 3 }]);
});

it('R29: a client that renews its tokens in time is not suspected', () => {
  expect(expiredTokens([refused('ann', 'expired at 3'), refused('ann', 'expired at 2'), refused('ann', 'expired at 1')])).toEqual([]);
  expect(expiredTokens(new Array<RequestRecord>(5).fill(refused(undefined, 'expired at 1')))).toEqual([]);
});
