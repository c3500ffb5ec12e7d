import type { SipConfiguration } from '@switchboard/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ApiError } from '../../lib/errors.ts';
import { merged } from './configuration.ts';

const EMPTY: SipConfiguration = { trunks: {}, routes: [] };
const TWO = merged(EMPTY, {
  trunks: { 'a.contoso.com': { sipSignalingPort: 1 }, 'b.contoso.com': { sipSignalingPort: 2 } },
  routes: [{ name: 'r', numberPattern: '.*', trunks: ['a.contoso.com'] }],
});

describe('a SIP configuration', () => {
  it('is merged trunk by trunk: what is not named stays, null removes, another spelling is the same host', () => {
    const next = merged(TWO, { trunks: { 'B.Contoso.com': { sipSignalingPort: 3 }, 'c.contoso.com': { sipSignalingPort: 4 } } });
    expect(next.trunks).toEqual({
      'a.contoso.com': { sipSignalingPort: 1 },
      'B.Contoso.com': { sipSignalingPort: 3 },
      'c.contoso.com': { sipSignalingPort: 4 },
    });
    expect(merged(next, { trunks: { 'b.contoso.com': null } }).trunks).not.toHaveProperty('B.Contoso.com');
    expect(merged(TWO, { trunks: { 'a.contoso.com': {} } })).toEqual(TWO);
  });

  it('has its routes replaced as a whole', () => {
    expect(merged(TWO, { routes: [{ name: 'other', numberPattern: '1', trunks: null }] }).routes).toEqual([
      { name: 'other', numberPattern: '1', trunks: [] },
    ]);
    expect(merged(TWO, { routes: null }).routes).toEqual([]);
  });

  it.each(['^+[1-9][0-9]{3,23}$', '^\\+1[0-9]{10}$', '(?i)^\\+?\\d+$', '.*', '^(?<area>\\d{3})'])(
    'takes the pattern %s',
    (numberPattern) => {
      expect(merged(EMPTY, { routes: [{ name: 'r', numberPattern }] }).routes).toHaveLength(1);
    },
  );

  it('is refused or whole, whatever is sent', () => {
    const name = fc.oneof(fc.string(), fc.domain(), fc.constantFrom('__proto__', 'constructor', 'a.contoso.com'));
    const port = fc.option(fc.integer(), { nil: null });
    const trunks = fc.dictionary(name, fc.oneof(fc.constant(null), fc.record({ sipSignalingPort: port })));
    const route = fc.record({ name: fc.string(), numberPattern: fc.string(), trunks: fc.option(fc.array(name), { nil: null }) });
    fc.assert(
      fc.property(fc.option(trunks, { nil: null }), fc.option(fc.array(route), { nil: null }), (some, routes) => {
        try {
          const next = merged(TWO, { trunks: some, routes });
          const known = Object.keys(next.trunks).map((fqdn) => fqdn.toLowerCase());
          for (const one of next.routes) expect(one.trunks.every((fqdn) => known.includes(fqdn.toLowerCase()))).toBe(true);
          for (const { sipSignalingPort } of Object.values(next.trunks)) expect(sipSignalingPort).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toBeInstanceOf(ApiError);
          expect(error).toMatchObject({ status: 422, code: 'UnprocessableConfiguration' });
        }
      }),
    );
  });
});
