import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultNames, hostNameOf } from './host-names.ts';

describe('hostNameOf', () => {
  it.each(['localhost', 'myres.localhost', 'myres.communication.azure.com', 'a_b.example', 'xn--bcher-kva.example', '3com.example'])(
    'accepts %s',
    (name) => {
      expect(hostNameOf(name)).toBe(name);
    },
  );

  it('compares without case', () => {
    expect(hostNameOf('MyRes.LocalHost')).toBe('myres.localhost');
  });

  it.each([
    ['nothing', ''],
    ['a trailing dot', 'localhost.'],
    ['an empty label', 'a..b'],
    ['an IPv4 address', '127.0.0.1'],
    ['an IPv6 address', '::1'],
    ['a path', '../../etc/passwd'],
    ['a wildcard', '*.localhost'],
    ['a null byte', 'localhost\0.example'],
    ['a line break', 'localhost\n'],
    ['letters beyond ASCII', 'bücher.example'],
    ['a sign that becomes ASCII in lower case', '\u212Aelvin.example'],
    ['a label of 64 characters', `${'a'.repeat(64)}.example`],
    ['a name of 254 characters', `${'a.'.repeat(126)}aa`],
  ])('refuses %s', (_what, text) => {
    expect(hostNameOf(text)).toBeUndefined();
  });

  it('answers any input with a plain lower-case name or nothing', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), fc.domain()), (text) => {
        const name = hostNameOf(text);
        expect(name ?? 'none').toMatch(/^[a-z0-9_.-]{1,253}$/);
        if (name !== undefined) expect(name).toBe(text.toLowerCase());
      }),
    );
  });
});

describe('defaultNames', () => {
  it('names loopback, then the extra names, each once', () => {
    expect(defaultNames(['10.0.0.7', 'Chat.Example', '0:0:0:0:0:0:0:1', 'localhost'])).toEqual([
      'localhost',
      '127.0.0.1',
      '::1',
      '10.0.0.7',
      'chat.example',
    ]);
  });

  it('leaves out addresses that stand for all', () => {
    expect(defaultNames(['0.0.0.0', '::', '0:0::0'])).toEqual(defaultNames([]));
  });

  it('writes addresses in one spelling, without a zone', () => {
    expect(defaultNames(['FE80::1%eth0', '::ffff:10.0.0.1']).slice(3)).toEqual(['fe80::1', '::ffff:a00:1']);
  });

  it.each(['', 'two words', '[::1]', 'host:8443', '*'])('refuses %j', (name) => {
    expect(() => defaultNames([name])).toThrow(JSON.stringify(name));
  });
});
