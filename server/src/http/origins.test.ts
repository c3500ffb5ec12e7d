import { describe, expect, it } from 'vitest';
import { parseHost } from './hosts.ts';
import { OriginPolicy } from './origins.ts';
import { FewResources, NO_TOPICS, requestWith } from './testing.ts';

const policy = new OriginPolicy(new FewResources(['local']), NO_TOPICS);

/** The rule that refuses, or `served`. */
function judge(question: {
  readonly host?: string;
  readonly origin?: string;
  readonly encrypted?: boolean;
  readonly admin?: boolean;
}): string {
  const { host = 'localhost:8080', origin, encrypted = false, admin = false } = question;
  try {
    policy.check({ request: requestWith(origin === undefined ? {} : { origin }), host: parseHost(host)!, encrypted, admin });
    return 'served';
  } catch (error) {
    return (error as { explanation: { rule: string } }).explanation.rule;
  }
}

describe('R156: hosts', () => {
  it('are served when they are ours, and refused otherwise, with or without an origin', () => {
    for (const encrypted of [true, false]) {
      expect(judge({ encrypted })).toBe('served');
      expect(judge({ encrypted, host: 'local.localhost' })).toBe('served');
      expect(judge({ encrypted, host: 'evil.example' })).toBe('host.unknown');
      expect(judge({ encrypted, host: 'nobody.localhost' })).toBe('host.unknown');
    }
  });
});

describe('origins', () => {
  it.each([
    ['https://evil.example', 'origin.foreign'],
    ['http://localhost.evil.example', 'origin.foreign'],
    ['null', 'origin.foreign'],
    ['http://localhost:3000', 'served'],
    ['http://127.0.0.1:5500', 'served'],
    ['https://local.localhost', 'served'],
  ])('on the plain listener: %s is %s', (origin, verdict) => {
    expect(judge({ origin })).toBe(verdict);
  });

  it('on the HTTPS listener may be any, for tokens are what protects there', () => {
    expect(judge({ origin: 'https://evil.example', encrypted: true })).toBe('served');
    expect(judge({ origin: 'null', encrypted: true })).toBe('served');
  });

  it.each([true, false])('of the admin API are its own alone (encrypted: %s)', (encrypted) => {
    const admin = true;
    expect(judge({ admin, encrypted })).toBe('served');
    expect(judge({ admin, encrypted, origin: 'http://localhost:8080' })).toBe('served');
    for (const origin of ['http://localhost:3000', 'https://evil.example', 'null', 'http://local.localhost:8080']) {
      expect(judge({ admin, encrypted, origin }), origin).toBe('origin.foreign');
    }
  });
});
