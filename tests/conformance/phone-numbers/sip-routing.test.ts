import { SipRoutingClient, type SipTrunkRoute } from '@azure/communication-phone-numbers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { listOf } from '../../lib/phone-numbers.ts';
import { newResource } from '../../lib/resources.ts';
import { startServer, type TestServer } from '../../lib/server.ts';
import { signedRequest } from '../../lib/signed-request.ts';

let server: TestServer;
let connection: string;
let client: SipRoutingClient;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());
beforeEach(async () => {
  connection = (await newResource(server)).primaryConnectionString;
  client = new SipRoutingClient(connection);
});

const TRUNKS = [
  { fqdn: 'sbc1.contoso.com', sipSignalingPort: 8239 },
  { fqdn: 'sbc2.contoso.com', sipSignalingPort: 7348 },
];
/** The pattern is one of the SDK’s own tests. */
const ROUTE: SipTrunkRoute = {
  name: 'first',
  description: 'All of it',
  numberPattern: '^+[1-9][0-9]{3,23}$',
  trunks: ['sbc1.contoso.com'],
};

async function patch(body: unknown) {
  const answer = await signedRequest(connection, { method: 'PATCH', path: '/sip?api-version=2023-03-01', body });
  const { error } = JSON.parse(answer.text) as { error?: { code: string; target?: string; innererror: { code: string; message: string } } };
  return { status: answer.status, error };
}

describe('SIP routing', () => {
  it('is empty at first', async () => {
    expect(await listOf(client.listTrunks())).toEqual([]);
    expect(await listOf(client.listRoutes())).toEqual([]);
  });

  it('takes trunks and routes, in their order, and tells them again', async () => {
    expect(await client.setTrunks(TRUNKS)).toEqual(TRUNKS);
    const routes = [ROUTE, { ...ROUTE, name: 'second', trunks: ['sbc2.contoso.com', 'sbc1.contoso.com'] }];
    expect(await client.setRoutes(routes)).toEqual(routes);
    expect(await listOf(client.listTrunks())).toEqual(TRUNKS);
    expect(await listOf(client.listRoutes())).toEqual(routes);
    expect(await client.getTrunk('sbc2.contoso.com')).toEqual(TRUNKS[1]);
  });

  it('changes one trunk without the others, and routes without trunks', async () => {
    await client.setTrunks(TRUNKS);
    await client.setRoutes([ROUTE]);
    expect(await client.setTrunk({ fqdn: 'sbc1.contoso.com', sipSignalingPort: 5061 })).toMatchObject({ sipSignalingPort: 5061 });
    await client.setRoutes([]);
    expect(await listOf(client.listTrunks())).toEqual([{ fqdn: 'sbc1.contoso.com', sipSignalingPort: 5061 }, TRUNKS[1]]);
    expect(await listOf(client.listRoutes())).toEqual([]);
  });

  it('deletes a trunk, and one that is not there is no error', async () => {
    await client.setTrunks(TRUNKS);
    await client.deleteTrunk('SBC1.contoso.com');
    await client.deleteTrunk('sbc1.contoso.com');
    expect(await listOf(client.listTrunks())).toEqual([TRUNKS[1]]);
    await expect(client.getTrunk('sbc1.contoso.com')).rejects.toMatchObject({ code: 'NotFound' });
  });

  it('does not delete a trunk that a route uses', async () => {
    await client.setTrunks(TRUNKS);
    await client.setRoutes([ROUTE]);
    await expect(client.deleteTrunk('sbc1.contoso.com')).rejects.toMatchObject({ statusCode: 422, code: 'UnprocessableConfiguration' });
    await expect(client.setTrunks([TRUNKS[1]!])).rejects.toMatchObject({ statusCode: 422 });
    expect(await listOf(client.listTrunks())).toEqual(TRUNKS);
  });

  const route = (changes: object) => ({ routes: [{ ...ROUTE, trunks: [], ...changes }] });
  it.each([
    ['no trunks and no routes', {}, 'EmptyPatch'],
    ['an empty map of trunks', { trunks: {} }, 'EmptyPatch'],
    ['a trunk that is no domain name', { trunks: { '-1': { sipSignalingPort: 5061 } } }, 'InvalidTrunkFqdn'],
    ['a trunk by its address', { trunks: { '10.0.0.1': { sipSignalingPort: 5061 } } }, 'InvalidTrunkFqdn'],
    ['a trunk with too long a name', { trunks: { [`${'a.'.repeat(130)}com`]: { sipSignalingPort: 5061 } } }, 'InvalidTrunkFqdn'],
    ['port 0', { trunks: { 'a.contoso.com': { sipSignalingPort: 0 } } }, 'InvalidTrunkSipSignalingPort'],
    ['port 65536', { trunks: { 'a.contoso.com': { sipSignalingPort: 65536 } } }, 'InvalidTrunkSipSignalingPort'],
    ['a new trunk without a port', { trunks: { 'a.contoso.com': {} } }, 'InvalidTrunkSipSignalingPort'],
    ['a route without a name', route({ name: '' }), 'InvalidRouteName'],
    ['a route with too long a name', route({ name: 'n'.repeat(257) }), 'InvalidRouteName'],
    ['a route with too long a description', route({ description: 'd'.repeat(1025) }), 'InvalidRouteDescription'],
    ['a route without a pattern', route({ numberPattern: '' }), 'InvalidRouteNumberPattern'],
    ['a pattern that is none', route({ numberPattern: '^(1$' }), 'InvalidRouteNumberPattern'],
    ['too long a pattern', route({ numberPattern: '1'.repeat(1025) }), 'InvalidRouteNumberPattern'],
    ['two routes of one name', { routes: [ROUTE, ROUTE].map((one) => ({ ...one, trunks: [] })) }, 'DuplicatedRoute'],
    ['a route through an unknown trunk', { routes: [ROUTE] }, 'MissingTrunk'],
    [
      'a route through one trunk twice',
      { trunks: { 'a.contoso.com': { sipSignalingPort: 1 } }, ...route({ trunks: ['a.contoso.com', 'A.contoso.com'] }) },
      'RouteWithDuplicatedTrunk',
    ],
    [
      'more than 250 trunks',
      { trunks: Object.fromEntries(Array.from({ length: 251 }, (_, i) => [`t${i}.contoso.com`, { sipSignalingPort: 1 }])) },
      'TooMany',
    ],
    ['more than 250 routes', { routes: Array.from({ length: 251 }, (_, i) => ({ ...ROUTE, name: `r${i}`, trunks: [] })) }, 'TooMany'],
  ])('refuses %s, whole', async (_what, body, code) => {
    const { status, error } = await patch(body);
    expect(status).toBe(422);
    expect(error).toMatchObject({ code: 'UnprocessableConfiguration', innererror: { code } });
    expect(await listOf(client.listTrunks())).toEqual([]);
    expect(await listOf(client.listRoutes())).toEqual([]);
  });

  it('refuses a body of another kind with the name of the field', async () => {
    const { status, error } = await patch({ trunks: { 'a.contoso.com': { sipSignalingPort: 'x' } } });
    expect(status).toBe(400);
    expect(error?.target).toContain('sipSignalingPort');
  });
});
