import { describe, expect, it } from 'vitest';
import type { VerifiedToken } from '../../http/index.ts';
import { TokenCache } from './token-cache.ts';

const CAPACITY = 50_000;

function verified(identity: string, validUntilMs: number, resourceId = 'local'): VerifiedToken {
  // The cache looks at nothing else.
  return { resource: { id: resourceId }, identity, validUntilMs } as VerifiedToken;
}

function userOf(id: string): { readonly resourceId: string; readonly id: string } {
  return { resourceId: 'local', id };
}

function tokenOf(no: number): string {
  return `header.payload.${String(no).padStart(43, 'x')}`;
}

describe('the token cache', () => {
  it('finds a token until it ends', () => {
    const cache = new TokenCache();
    const ann = verified('ann', 1_000);
    cache.add(tokenOf(1), ann);
    expect(cache.find(tokenOf(1), 999)).toBe(ann);
    expect(cache.find(tokenOf(1), 1_000)).toBeUndefined();
    expect(cache.find(tokenOf(1), 999)).toBeUndefined();
  });

  it('compares whole tokens, not only their ends', () => {
    const cache = new TokenCache();
    cache.add(tokenOf(1), verified('ann', 1_000));
    expect(cache.find(`forged${tokenOf(1)}`, 0)).toBeUndefined();
    expect(cache.find(tokenOf(1).slice(1), 0)).toBeUndefined();
  });

  it('forgets nobody of the same id in another resource', () => {
    const cache = new TokenCache();
    cache.add(tokenOf(1), verified('8:orgid:ann', 1_000, 'other'));
    cache.forget(userOf('8:orgid:ann'));
    expect(cache.find(tokenOf(1), 0)).toBeDefined();
  });

  it('forgets every token of one identity, and of no other', () => {
    const cache = new TokenCache();
    cache.add(tokenOf(1), verified('ann', 1_000));
    cache.add(tokenOf(2), verified('ann', 1_000));
    cache.add(tokenOf(3), verified('bob', 1_000));
    cache.forget(userOf('ann'));
    cache.forget(userOf('nobody'));
    expect([1, 2, 3].map((no) => cache.find(tokenOf(no), 0)?.identity)).toEqual([undefined, undefined, 'bob']);
  });

  it('forgets an identity whose token was replaced by one with the same end', () => {
    const cache = new TokenCache();
    cache.add(`a${tokenOf(1)}`, verified('ann', 1_000));
    cache.add(`b${tokenOf(1)}`, verified('bob', 1_000));
    cache.forget(userOf('ann'));
    expect(cache.find(`b${tokenOf(1)}`, 0)?.identity).toBe('bob');
    expect(cache.find(`a${tokenOf(1)}`, 0)).toBeUndefined();
  });

  it('clears', () => {
    const cache = new TokenCache();
    cache.add(tokenOf(1), verified('ann', 1_000));
    cache.clear();
    expect(cache.find(tokenOf(1), 0)).toBeUndefined();
  });

  it('holds 50,000; the oldest give way', () => {
    const cache = new TokenCache();
    for (let no = 0; no < CAPACITY + 2; no++) cache.add(tokenOf(no), verified(`user ${no}`, 1_000));
    expect([0, 1, 2, CAPACITY + 1].map((no) => cache.find(tokenOf(no), 0)?.identity)).toEqual([
      undefined,
      undefined,
      'user 2',
      `user ${CAPACITY + 1}`,
    ]);
  });
});
