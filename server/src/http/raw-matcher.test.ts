import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Match, RawMatcher } from './raw-matcher.ts';

const ROUTES = [
  ['POST', '/identities'],
  ['GET', '/identities/{id}'],
  ['POST', '/identities/{id}/:issueAccessToken'],
  ['POST', '/sms/optouts:add'],
  ['POST', '/emails:send'],
  ['POST', '/callConnections/{id}:play'],
  ['GET', '/callConnections/{id}'],
  ['GET', '/callConnections/{id}/participants'],
  ['GET', '/a/{first}/b/{second}'],
  ['GET', '/portal/*'],
] as const;

function routed(): RawMatcher {
  const matcher = new RawMatcher();
  for (const [index, [method, path]] of ROUTES.entries()) matcher.add({ method, path, index });
  return matcher;
}

const matcher = routed();

/** What a match is, in one line: the route with its parameters, or why there is none. */
function told(match: Match): string {
  if (match.kind === 'wrong-method') return `wrong-method ${match.allowed.join(',')}`;
  return match.kind === 'route' ? `${ROUTES[match.route.index]?.join(' ') ?? ''} ${JSON.stringify(match.route.params)}` : match.kind;
}

describe('ids of resources', () => {
  const arm = new RawMatcher();
  for (const [index, path] of ['/subscriptions/{id}/topics/{name}', '/subscriptions/{id}/{kind}/{name}/keys', '/health'].entries())
    arm.add({ method: 'GET', path, index, isResourceId: index < 2 });
  const found = (target: string): unknown => {
    const match = arm.match('GET', target);
    return match.kind === 'route' ? [match.route.index, match.route.params] : match.kind;
  };

  it.each([
    ['/subscriptions/S/topics/N', [0, { id: 'S', name: 'N' }]],
    ['/SUBSCRIPTIONS/S/Topics/N', [0, { id: 'S', name: 'N' }]],
    ['//subscriptions//S///topics/N//', [0, { id: 'S', name: 'N' }]],
    ['/subscriptions/S/topics/N/keys', [1, { id: 'S', kind: 'topics', name: 'N' }]],
    ['/subscriptions/S/topics/%2F', [0, { id: 'S', name: '/' }]],
    ['/subscriptions/S/topics', 'not-found'],
    ['///subscriptions/S/topics/N', 'not-found'],
    [`/subscriptions${'/'.repeat(15_000)}S/topics/N`, [0, { id: 'S', name: 'N' }]],
  ])('%.60s', (target, expected) => {
    expect(found(target)).toEqual(expected);
  });

  it('change nothing for other paths', () => {
    expect(['/health', '/Health', '/health/', '///health'].map(found)).toEqual([[2, {}], 'not-found', 'not-found', 'not-found']);
  });
});

describe('the raw matcher', () => {
  it.each([
    // Verbs after raw colons, and ids that are decoded once.
    ['POST', '/identities/8:acs:x/:issueAccessToken', 'POST /identities/{id}/:issueAccessToken {"id":"8:acs:x"}'],
    ['POST', '/sms/optouts:add', 'POST /sms/optouts:add {}'],
    ['GET', '/identities/a%3Ab%2Bc%2Fd%252Fe', 'GET /identities/{id} {"id":"a:b+c/d%2Fe"}'],
    ['GET', '/identities/a+b%20c', 'GET /identities/{id} {"id":"a+b c"}'],
    ['POST', '/callConnections/abc:play', 'POST /callConnections/{id}:play {"id":"abc"}'],
    ['POST', '/callConnections/ab:c:play', 'POST /callConnections/{id}:play {"id":"ab:c"}'],
    // Encoded data is never a verb, but a literal may be encoded.
    ['POST', '/callConnections/abc%3Aplay', 'wrong-method GET'],
    ['GET', '/callConnections/abc%3Aplay', 'GET /callConnections/{id} {"id":"abc:play"}'],
    ['POST', '/emails%3Asend', 'POST /emails:send {}'],
    ['POST', '/emails%3asend', 'POST /emails:send {}'],
    ['POST', '/identities/x/%3AissueAccessToken', 'POST /identities/{id}/:issueAccessToken {"id":"x"}'],
    ['POST', '/emails%253Asend', 'not-found'],
    // A colon that begins no verb is part of the id.
    ['GET', '/callConnections/abc:dance', 'GET /callConnections/{id} {"id":"abc:dance"}'],
    ['GET', '/callConnections/abc:play/participants', 'GET /callConnections/{id}/participants {"id":"abc:play"}'],
    ['GET', '/callConnections/:play', 'GET /callConnections/{id} {"id":":play"}'],
    ['GET', '/callConnections/abc:', 'GET /callConnections/{id} {"id":"abc:"}'],
    // Empty ids, other targets than paths, case.
    ['GET', '/identities/', 'not-found'],
    ['GET', '/identities//', 'not-found'],
    ['POST', '/identities//:issueAccessToken', 'not-found'],
    ['GET', 'http://evil/identities/x', 'malformed'],
    ['GET', '*', 'malformed'],
    ['GET', '', 'malformed'],
    ['GET', 'localhost:8080', 'malformed'],
    ['GET', '/identities/x#f', 'malformed'],
    ['GET', '/IDENTITIES/x', 'not-found'],
    ['GET', '/', 'not-found'],
    ['GET', '/~17', 'not-found'],
    ['GET', '/~404', 'not-found'],
    ['GET', '/identities/x/../y', 'not-found'],
    ['GET', '/identities/%zz', 'malformed'],
    ['GET', '/identities/%C3%28', 'malformed'],
    ['GET', '/identities/..', 'GET /identities/{id} {"id":".."}'],
    ['GET', '/identities/__proto__', 'GET /identities/{id} {"id":"__proto__"}'],
    // One leading slash more, as an endpoint that ends in one gives.
    ['GET', '//identities/x', 'GET /identities/{id} {"id":"x"}'],
    ['GET', '///identities/x', 'not-found'],
    // Queries do not matter.
    ['GET', '/identities/x?api-version=1&a=/b:play', 'GET /identities/{id} {"id":"x"}'],
    ['GET', '/identities?x', 'wrong-method POST'],
    // Methods.
    ['HEAD', '/identities/x', 'GET /identities/{id} {"id":"x"}'],
    ['HEAD', '/identities', 'wrong-method POST'],
    ['OPTIONS', '/identities', 'preflight'],
    ['OPTIONS', '/nowhere', 'not-found'],
    ['get', '/identities/x', 'wrong-method GET'],
    ['GET', '/a/1/b/2', 'GET /a/{first}/b/{second} {"first":"1","second":"2"}'],
    // Files.
    ['GET', '/portal/', 'GET /portal/* {"*":""}'],
    ['GET', '/portal/a/b%20c.js', 'GET /portal/* {"*":"a/b c.js"}'],
    ['GET', '/portal', 'not-found'],
  ])('%s %s: %s', (method, target, expected) => {
    expect(told(matcher.match(method, target))).toBe(expected);
  });

  it('takes ids of any length', () => {
    const id = 'x'.repeat(5_000);
    expect(matcher.match('GET', `/identities/${id}`)).toMatchObject({ kind: 'route', route: { params: { id } } });
  });

  it('does not take two routes for one method and path', () => {
    expect(() => routed().add({ method: 'GET', path: '/identities/{name}', index: 99 })).toThrow('two routes for GET /identities/{name}');
  });

  it('never throws, and only captures what was sent', () => {
    const piece = fc.constantFrom(
      '/',
      ':',
      '%3A',
      '%',
      '?',
      '#',
      '..',
      'identities',
      'callConnections',
      'play',
      ':play',
      '%2F',
      'é',
      '\u0000',
    );
    const target = fc.oneof(
      fc.string(),
      fc.array(fc.oneof(piece, fc.string({ maxLength: 5 })), { maxLength: 12 }).map((parts) => `/${parts.join('')}`),
    );
    fc.assert(
      fc.property(fc.constantFrom('GET', 'POST', 'OPTIONS', 'TRACE'), target, (method, text) => {
        const match = matcher.match(method, text);
        if (match.kind !== 'route') return;
        for (const value of Object.values(match.route.params)) expect(decodeURIComponent(text)).toContain(value);
      }),
      { numRuns: 2_000 },
    );
  });

  it('gives back any id that was encoded as one segment', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'grapheme' }), (id) => {
        expect(matcher.match('GET', `/identities/${encodeURIComponent(id)}`)).toEqual({
          kind: 'route',
          route: { index: 1, params: { id } },
        });
      }),
      { numRuns: 1_000 },
    );
  });
});
