import { describe, expect, it } from 'vitest';
import { connectLatest, IDENTITY_SDKS, type SdkRefusal } from '../../lib/identity-clients.ts';
import { startServer, type TestServer } from '../../lib/server.ts';
import { signedRequest } from '../../lib/signed-request.ts';
import { TemporaryFolder } from '../../lib/temporary.ts';
import { whyOf } from '../../lib/why.ts';

describe('lives of tokens', () => {
  it('R14: under handbook 5 to 1,440 minutes pass, and a refusal names limit, value and preset', async () => {
    await using server = await startServer();
    expect(await outcomes(server, [4, 5, 1440, 1441, 0, -1])).toEqual([400, 'issued', 'issued', 400, 400, 400]);
    expect(await refusal(server, 4)).toMatch(/limit identity\.token-minutes-min is at least 5 under the preset handbook/);
    expect(await refusal(server, 1441)).toMatch(/limit identity\.token-minutes-max is at most 1440 under the preset handbook/);
  });

  it('R14: under azure 60 to 1,440 minutes pass, and a refusal names the preset that allows less', async () => {
    await using server = await startServer({ args: ['--limits', 'azure'] });
    expect(await outcomes(server, [59, 60, 1440, 1441])).toEqual([400, 'issued', 'issued', 400]);
    expect(await refusal(server, 59)).toMatch(
      /limit identity\.token-minutes-min is at least 60 under the preset azure; it would pass under the preset handbook/,
    );
    expect(await refusal(server, 1441)).toMatch(
      /limit identity\.token-minutes-max is at most 1440 under the preset azure; no preset allows it/,
    );
  });

  it('R14: a file of own limits decides, and lifts what it sets to null', async () => {
    using folder = new TemporaryFolder();
    const file = folder.write('limits.yaml', 'identity.token-minutes-min: 1\nidentity.token-minutes-max: null\n');
    await using server = await startServer({ args: ['--limits', file] });
    expect(await outcomes(server, [0, 1, 100_000])).toEqual([400, 'issued', 'issued']);
    expect(await refusal(server, 0)).toMatch(/limit identity\.token-minutes-min is at least 1 under the preset custom/);
  });

  it('R13: with a longest life below 24 hours, that is the default', async () => {
    using folder = new TemporaryFolder();
    const file = folder.write('limits.json', '{"identity.token-minutes-max": 30}');
    await using server = await startServer({ args: ['--limits', file] });
    const { expiresOn } = await connectLatest(server.connectionString).createUserAndToken(['chat']);
    expect((expiresOn.getTime() - Date.now()) / 60_000).toBeCloseTo(30, 0);
  });

  it('R14: why a life was refused can be asked, with the cure', async () => {
    await using server = await startServer();
    const body = { createTokenWithScopes: ['chat'], expiresInMinutes: 4 };
    const answer = await signedRequest(server.connectionString, { method: 'POST', path: '/identities', body });
    const why = await whyOf(server, answer);
    expect(why).toMatchObject({ status: 400, rule: 'limit.identity.token-minutes-min' });
    expect(why.cure).toContain('--limits');
  });

  it.each(['handbook', 'azure'])('R14: the limits in force under %s are listed beside both presets', async (preset) => {
    await using server = await startServer({ args: ['--limits', preset] });
    const { body } = await server.admin<{ preset: string; value: { name: string; value: number }[] }>('GET', '/admin/limits');
    expect(body.preset).toBe(preset);
    expect(body.value).toContainEqual(
      expect.objectContaining({ name: 'identity.token-minutes-min', value: preset === 'azure' ? 60 : 5, handbook: 5, azure: 60 }),
    );
  });
});

describe('rates', () => {
  it('R120: under azure the 1,001st creation in 30 s is answered 429 with Retry-After, and passes when the time is over', async () => {
    await using server = await startServer({ args: ['--limits', 'azure', '--clock', 'virtual'] });
    const create = () =>
      signedRequest(server.connectionString.replace(server.endpoint, server.ready.httpEndpoint), { method: 'POST', path: '/identities' });
    for (let done = 0; done < 1000; done += 50) {
      const answers = await Promise.all(Array.from({ length: 50 }, create));
      expect(answers.filter(({ status }) => status !== 201)).toEqual([]);
    }
    const refused = await create();
    expect(refused.status).toBe(429);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    await server.admin('POST', '/admin/clock:advance', { by: '30s' });
    expect((await create()).status).toBe(201);
  });

  it.each(IDENTITY_SDKS)('R120: identity SDK $version waits as Retry-After says and tries again by itself', async (sdk) => {
    using folder = new TemporaryFolder();
    const file = folder.write('limits.yaml', 'identity.create-rate: 1\n');
    await using server = await startServer({ args: ['--limits', file, '--clock', 'virtual'] });
    const client = sdk.connect(server.connectionString);
    await client.createUser();
    await server.admin('POST', '/admin/clock:advance', { by: '29s' });
    const passOnceRefused = async (): Promise<void> => {
      await expect.poll(() => throttled(server)).toBe(1);
      await server.admin('POST', '/admin/clock:advance', { by: '1s' });
    };
    const [second] = await Promise.all([client.createUser(), passOnceRefused()]);
    expect(second.communicationUserId).toMatch(/^8:acs:/);
    expect(await throttled(server)).toBe(1);
  });
});

async function throttled(server: TestServer): Promise<number> {
  const { body } = await server.admin<{ value: { status: number }[] }>('GET', '/admin/requests?refused=true');
  return body.value.filter(({ status }) => status === 429).length;
}

async function outcomes(server: TestServer, lives: readonly number[]): Promise<unknown[]> {
  return Promise.all(lives.map(async (minutes) => (await attempt(server, minutes))?.statusCode ?? 'issued'));
}

async function refusal(server: TestServer, minutes: number): Promise<string | undefined> {
  return (await attempt(server, minutes))?.message;
}

async function attempt(server: TestServer, tokenExpiresInMinutes: number): Promise<SdkRefusal | undefined> {
  try {
    await connectLatest(server.connectionString).createUserAndToken(['chat'], { tokenExpiresInMinutes });
    return undefined;
  } catch (error) {
    return error as SdkRefusal;
  }
}
