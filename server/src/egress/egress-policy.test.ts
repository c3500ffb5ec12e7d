import type { LookupAddress } from 'node:dns';
import { describe, expect, it } from 'vitest';
import { EgressError, EgressPolicy, type Resolve } from './egress-policy.ts';

function resolvingTo(...answers: readonly (readonly string[])[]): Resolve {
  let asked = 0;
  return (_hostname, _options, callback) => {
    const addresses = answers[Math.min(asked++, answers.length - 1)] ?? [];
    callback(
      null,
      addresses.map((address): LookupAddress => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  };
}

function lookUp(policy: EgressPolicy, all: boolean): Promise<unknown> {
  return new Promise((resolve, reject) => {
    policy.lookup('hooks.example', { all }, (error, found) => (error === null ? resolve(found) : reject(error)));
  });
}

describe('the policy public', () => {
  const policy = new EgressPolicy('public');

  it.each([
    '127.0.0.1',
    '127.1',
    '2130706433',
    '0x7f000001',
    '0x7f.0.0.1',
    '017700000001',
    '0177.0.0.1',
    '127.0.0.1.',
    '①②⑦.0.0.1',
    '0',
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '169.254.169.254',
    '172.31.255.255',
    '192.168.0.1',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '[::]',
    '[::1]',
    '[::127.0.0.1]',
    '[::ffff:127.0.0.1]',
    '[::ffff:a00:1]',
    '[64:ff9b::127.0.0.1]',
    '[64:ff9b:1::10.0.0.1]',
    '[2002:7f00:1::]',
    '[2001::1]',
    '[2001:db8::1]',
    '[fc00::1]',
    '[fd12:3456::1]',
    '[fe80::1]',
    '[ff02::1]',
    'localhost',
    'LOCALHOST.',
    'local.localhost',
  ])('refuses %s before anything is asked or connected', (host) => {
    expect(() => policy.check(new URL(`https://${host}/hook`))).toThrow(EgressError);
  });

  it.each(['8.8.8.8', '[2606:4700::1111]', 'hooks.example', 'localhost.example'])('has nothing against %s', (host) => {
    expect(() => policy.check(new URL(`https://${host}/hook`))).not.toThrow();
  });

  it.each(['127.0.0.1', '10.0.0.1', '::1', '::ffff:192.168.0.1', '64:ff9b::a00:1', 'fe80::1%eth0', 'fe80::1', 'nonsense'])(
    'does not connect to a name that resolves to %s',
    async (address) => {
      await expect(lookUp(new EgressPolicy('public', resolvingTo([address])), false)).rejects.toThrow(
        'hooks.example has no public address, and this server calls no others (--egress public)',
      );
    },
  );

  it('connects only to those addresses of a name that are public', async () => {
    const mixed = new EgressPolicy('public', resolvingTo(['10.0.0.1', '8.8.8.8', '::1']));
    expect(await lookUp(mixed, true)).toEqual([{ address: '8.8.8.8', family: 4 }]);
    expect(await lookUp(mixed, false)).toBe('8.8.8.8');
  });

  it('judges each answer of a name server anew, and hands on the address that it judged', async () => {
    const rebinding = new EgressPolicy('public', resolvingTo(['8.8.8.8'], ['127.0.0.1']));
    expect(await lookUp(rebinding, false)).toBe('8.8.8.8');
    await expect(lookUp(rebinding, false)).rejects.toThrow(EgressError);
  });
});

describe('the policy any', () => {
  it('refuses nothing', async () => {
    const policy = new EgressPolicy('any', resolvingTo(['127.0.0.1']));
    expect(() => policy.check(new URL('http://[::1]/'))).not.toThrow();
    expect(await lookUp(policy, false)).toBe('127.0.0.1');
  });
});
