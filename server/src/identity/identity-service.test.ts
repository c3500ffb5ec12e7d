import { describe, expect, it } from 'vitest';
import { BOTH_ENGINES, START_MS } from '../storage/testing.ts';
import { type Accounts, openAccounts, requesterOf } from './testing.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const CHAT = { scopes: ['chat'] };

/** What became of a token: `valid`, or the rule that refuses it. */
async function fate({ tokens }: Accounts, token: string): Promise<string> {
  try {
    await tokens.verify(token);
    return 'valid';
  } catch (error) {
    return (error as { explanation: { rule: string } }).explanation.rule;
  }
}

function claimsOf(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>;
}

describe.each(BOTH_ENGINES)('identities on $name', (engine) => {
  it('R10: have a unique id of their resource', async () => {
    await using accounts = await openAccounts(engine);
    const { identities, local } = accounts;
    const made = await Promise.all(Array.from({ length: 20 }, () => identities.create(requesterOf(local), {})));
    for (const { id, token } of made) {
      expect(id).toMatch(new RegExp(`^8:acs:${local.id}_[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$`));
      expect(token).toBeUndefined();
    }
    expect(new Set(made.map(({ id }) => id)).size).toBe(20);
  });

  it('with a custom id are the same each time, in each resource another', async () => {
    await using accounts = await openAccounts(engine);
    const { identities, local, other } = accounts;
    const create = (resource: typeof local) => identities.create(requesterOf(resource), { customId: 'customer 7' });
    const made = await Promise.all([create(local), create(local), create(local)]);
    expect(new Set(made.map(({ id }) => id)).size).toBe(1);
    expect((await create(other)).id).not.toBe(made[0].id);
    expect(await identities.get(local, made[0].id)).toMatchObject({ custom_id: 'customer 7' });
    await expect(identities.create(requesterOf(local), { customId: '' })).rejects.toMatchObject({ status: 400, target: 'customId' });
    await expect(identities.create(requesterOf(local), { customId: 'x'.repeat(257) })).rejects.toMatchObject({
      status: 400,
      target: 'customId',
    });
  });

  it('of another resource are unknown, like those that never were', async () => {
    await using accounts = await openAccounts(engine);
    const { identities, local, other } = accounts;
    const { id } = await identities.create(requesterOf(local), {});
    const unknown = { status: 404, code: 'NotFound', target: 'id' };
    await expect(identities.get(other, id)).rejects.toMatchObject(unknown);
    await expect(identities.issueToken(requesterOf(other), id, CHAT)).rejects.toMatchObject(unknown);
    await expect(identities.revokeTokens(other, id)).rejects.toMatchObject(unknown);
    await identities.delete(other, id);
    expect(await identities.get(local, id)).toMatchObject({ id });
    await expect(identities.get(local, '8:acs:none')).rejects.toMatchObject(unknown);
  });

  it('R21: are gone after their deletion with what hangs on them, and deleting again is no error', async () => {
    await using accounts = await openAccounts(engine);
    const { identities, local } = accounts;
    const deleted: unknown[] = [];
    identities.onDelete((_tx, what) => Promise.resolve(void deleted.push(what)));
    const { id, token } = await identities.create(requesterOf(local), { token: CHAT });
    expect(await fate(accounts, token!.token)).toBe('valid');
    await identities.delete(local, id);
    await identities.delete(local, id);
    expect(deleted).toEqual([{ resourceId: local.id, identity: id }]);
    expect(await fate(accounts, token!.token)).not.toBe('valid');
    await expect(identities.get(local, id)).rejects.toMatchObject({ status: 404 });
  });
});

describe.each(BOTH_ENGINES)('access tokens on $name', (engine) => {
  it('R13, R22: come with a user when scopes are given, and last 24 hours by default', async () => {
    await using accounts = await openAccounts(engine);
    const { identities, local } = accounts;
    const { id, token } = await identities.create(requesterOf(local), { token: { scopes: ['voip', 'chat', 'CHAT'] } });
    const claims = claimsOf(token!.token);
    expect(claims).toMatchObject({ skypeid: id.slice(2), resourceId: local.id, acsScope: 'voip,chat', iat: START_MS / 1000 });
    expect(Number(claims['exp']) - Number(claims['iat'])).toBe(86_400);
    expect(token!.expiresAtMs).toBe(START_MS + 24 * HOUR_MS);
    expect(await accounts.tokens.verify(token!.token)).toMatchObject({
      identity: id,
      scopes: new Set(['voip', 'chat']),
      validUntilMs: token!.expiresAtMs,
    });
    expect(await identities.get(local, id)).toMatchObject({ last_token_at: START_MS });
  });

  it('R12: name scopes that exist, and at least one', async () => {
    await using accounts = await openAccounts(engine);
    const { identities, local } = accounts;
    const { id } = await identities.create(requesterOf(local), {});
    const issue = (scopes: readonly string[]) => identities.issueToken(requesterOf(local), id, { scopes });
    await expect(issue([])).rejects.toMatchObject({ status: 400, target: 'scopes' });
    await expect(issue(['chat', 'sms'])).rejects.toMatchObject({ status: 400, target: 'scopes[1]' });
    const all = ['chat', 'chat.join', 'chat.join.limited', 'voip', 'voip.join'];
    expect(claimsOf((await issue(all)).token)).toMatchObject({ acsScope: all.join(',') });
  });

  it('R14: last as long as is asked for within the limits of the preset', async () => {
    await using accounts = await openAccounts(engine);
    const { identities, local } = accounts;
    const { id } = await identities.create(requesterOf(local), {});
    const issue = (expiresInMinutes: number) => identities.issueToken(requesterOf(local), id, { ...CHAT, expiresInMinutes });
    for (const minutes of [5, 15, 480, 1440]) expect((await issue(minutes)).expiresAtMs).toBe(START_MS + minutes * MINUTE_MS);
    for (const minutes of [4, 0, -1, 1441]) await expect(issue(minutes)).rejects.toMatchObject({ status: 400, target: 'expiresInMinutes' });
    const azure = await accounts.resources.create({ name: 'strict', limits: { preset: 'azure' } });
    const user = await identities.create(requesterOf(azure), {});
    await expect(identities.issueToken(requesterOf(azure), user.id, { ...CHAT, expiresInMinutes: 15 })).rejects.toThrow(
      /at least 60 under the preset azure/,
    );
  });

  it('R18: are refused from the millisecond of their expiry on, cached or not', async () => {
    await using accounts = await openAccounts(engine);
    const { identities, local, clock } = accounts;
    const { token } = await identities.create(requesterOf(local), { token: { ...CHAT, expiresInMinutes: 15 } });
    await clock.advanceTo(START_MS + 15 * MINUTE_MS - 1);
    expect(await fate(accounts, token!.token)).toBe('valid');
    await clock.advanceTo(START_MS + 15 * MINUTE_MS);
    expect(await fate(accounts, token!.token)).toBe('token.expired');
  });

  it('R19: that were revoked work until the delay is over and not after', async () => {
    await using accounts = await openAccounts(engine, { revocationDelayMs: 5 * MINUTE_MS });
    const { identities, local, clock } = accounts;
    const { id, token } = await identities.create(requesterOf(local), { token: CHAT });
    expect(await fate(accounts, token!.token)).toBe('valid');
    await identities.revokeTokens(local, id);
    await clock.advanceTo(START_MS + 5 * MINUTE_MS - 1);
    expect(await fate(accounts, token!.token)).toBe('valid');
    await clock.advanceTo(START_MS + 5 * MINUTE_MS);
    expect(await fate(accounts, token!.token)).toBe('token.revoked');
  });

  it('R20: are revoked all at once, and later ones are not', async () => {
    await using accounts = await openAccounts(engine);
    const { identities, local } = accounts;
    const { id, token: first } = await identities.create(requesterOf(local), { token: CHAT });
    const second = await identities.issueToken(requesterOf(local), id, CHAT);
    await identities.revokeTokens(local, id);
    const third = await identities.issueToken(requesterOf(local), id, CHAT);
    expect(await Promise.all([first!, second, third].map(({ token }) => fate(accounts, token)))).toEqual([
      'token.revoked',
      'token.revoked',
      'valid',
    ]);
  });

  it('R20: end at the first of several revocations that covers them', async () => {
    await using accounts = await openAccounts(engine, { revocationDelayMs: 5 * MINUTE_MS });
    const { identities, local, clock } = accounts;
    const { id, token: old } = await identities.create(requesterOf(local), { token: CHAT });
    await identities.revokeTokens(local, id);
    await clock.advanceTo(START_MS + MINUTE_MS);
    const young = await identities.issueToken(requesterOf(local), id, CHAT);
    await identities.revokeTokens(local, id);
    const fates = () => Promise.all([old!, young].map(({ token }) => fate(accounts, token)));
    await clock.advanceTo(START_MS + 5 * MINUTE_MS);
    expect(await fates()).toEqual(['token.revoked', 'valid']);
    await clock.advanceTo(START_MS + 6 * MINUTE_MS);
    expect(await fates()).toEqual(['token.revoked', 'token.revoked']);
    for (let i = 0; i < 5; i++) await identities.revokeTokens(local, id);
    expect(await fates()).toEqual(['token.revoked', 'token.revoked']);
  });

  it('R20: that many revocations at once are all counted', async () => {
    await using accounts = await openAccounts(engine);
    const { identities, local } = accounts;
    const { id, token } = await identities.create(requesterOf(local), { token: CHAT });
    await Promise.all(Array.from({ length: 8 }, () => identities.revokeTokens(local, id)));
    expect((await identities.get(local, id)).generation).toBe(8);
    expect(await fate(accounts, token!.token)).toBe('token.revoked');
  });

  it('R6: end with the access key that asked for them, not with the other', async () => {
    await using accounts = await openAccounts(engine);
    const { identities, local, resources } = accounts;
    const { id } = await identities.create(requesterOf(local), {});
    const byPrimary = await identities.issueToken(requesterOf(local, 'primary'), id, CHAT);
    const bySecondary = await identities.issueToken(requesterOf(local, 'secondary'), id, CHAT);
    expect(await fate(accounts, byPrimary.token)).toBe('valid');
    await resources.regenerateKey('local', 'Primary');
    expect(await fate(accounts, byPrimary.token)).toBe('token.key-rotated');
    expect(await fate(accounts, bySecondary.token)).toBe('valid');
  });

  it('R7: end with their resource', async () => {
    await using accounts = await openAccounts(engine);
    const { token } = await accounts.identities.create(requesterOf(accounts.local), { token: CHAT });
    expect(await fate(accounts, token!.token)).toBe('valid');
    await accounts.resources.delete('local');
    expect(await fate(accounts, token!.token)).not.toBe('valid');
  });

  it('tell those who listen whose tokens may have ended', async () => {
    await using accounts = await openAccounts(engine);
    const { identities, local, tokens, resources } = accounts;
    const heard: unknown[] = [];
    tokens.onRevoked((identity) => heard.push(identity));
    const { id } = await identities.create(requesterOf(local), {});
    await identities.revokeTokens(local, id);
    await identities.delete(local, id);
    await resources.regenerateKey('local', 'Primary');
    const user = { resourceId: local.id, id };
    expect(heard).toEqual([user, user, undefined]);
  });

  it('are judged again from what a live connection remembers of them', async () => {
    await using accounts = await openAccounts(engine);
    const { identities, local, tokens } = accounts;
    const { id, token } = await identities.create(requesterOf(local), { token: CHAT });
    const { grant } = await tokens.verify(token!.token);
    expect(await tokens.verifyGrant(JSON.parse(JSON.stringify(grant)) as typeof grant)).toMatchObject({ identity: id });
    await identities.revokeTokens(local, id);
    await expect(tokens.verifyGrant(grant)).rejects.toMatchObject({ status: 401 });
  });

  it('are not cached when a revocation came while they were looked up', async () => {
    await using accounts = await openAccounts(engine);
    const { identities, local, tokens } = accounts;
    const { id, token } = await identities.create(requesterOf(local), { token: CHAT });
    const looking = tokens.verify(token!.token);
    tokens.revoked({ resourceId: local.id, id });
    await looking;
    const again = tokens.verify(token!.token);
    expect(again).toBeInstanceOf(Promise);
    await again;
    expect(tokens.verify(token!.token)).not.toBeInstanceOf(Promise);
  });
});
