import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hostOf, isLoopbackName, originHost, parseHost } from './hosts.ts';
import { requestWith } from './testing.ts';

describe('a host', () => {
  it.each([
    ['localhost', 'localhost', 'localhost'],
    ['LocalHost:8443', 'localhost', 'localhost:8443'],
    ['my-resource.communication.azure.com', 'my-resource.communication.azure.com', 'my-resource.communication.azure.com'],
    ['127.0.0.1:80', '127.0.0.1', '127.0.0.1:80'],
    ['[::1]:8443', '::1', '[::1]:8443'],
    ['[2001:DB8::1]', '2001:db8::1', '[2001:db8::1]'],
  ])('%s', (value, hostname, host) => {
    expect(parseHost(value)).toEqual({ hostname, host });
  });

  it.each([
    '',
    ':80',
    'a b',
    'a/b',
    'a@b',
    'a:b',
    'a:123456',
    '[::1',
    '::1',
    'a..',
    '-a',
    'a,b',
    'a\tb',
    'é.example',
    'http://a',
    'x'.repeat(300),
  ])('%j is none', (value) => {
    expect(parseHost(value)).toBeUndefined();
  });

  it('is read from any text without fault', () => {
    fc.assert(fc.property(fc.string(), (text) => parseHost(text) === undefined || !/[\s/\\@?#]/.test(text)));
  });

  it('is loopback where every browser takes it for that', () => {
    for (const name of ['localhost', '127.0.0.1', '127.9.9.9', '::1', 'local.localhost']) expect(isLoopbackName(name), name).toBe(true);
    for (const name of ['localhost.evil.com', '1127.0.0.1', '127.0.0.1.evil.com', 'evil.com', 'xlocalhost', ''])
      expect(isLoopbackName(name), name).toBe(false);
  });

  it('of an origin', () => {
    expect(originHost('https://localhost:8443')).toEqual({ hostname: 'localhost', host: 'localhost:8443' });
    for (const origin of ['null', '', 'localhost', 'file://', 'https://a@b', 'https://a/b', 'ftp://a'])
      expect(originHost(origin), origin).toBeUndefined();
  });

  it('of a request is given exactly once', () => {
    expect(hostOf(requestWith({ Host: 'localhost:1' }))).toEqual({ hostname: 'localhost', host: 'localhost:1' });
    const refused = expect.objectContaining({ status: 400, target: 'Host' }) as Error;
    const other = Object.assign(requestWith({ Host: 'localhost' }), { httpVersionMajor: 2 });
    expect(() => hostOf(other)).toThrow(/not HTTP\/1\.1/);
    expect(() => hostOf(requestWith({}))).toThrow(refused);
    expect(() => hostOf(requestWith({ Host: '' }))).toThrow(refused);
    expect(() => hostOf(requestWith({ Host: 'a b' }))).toThrow(refused);
    const twice = requestWith({ Host: 'localhost' });
    twice.rawHeaders.push('hOST', 'localhost');
    expect(() => hostOf(twice)).toThrow(/given more than once/);
  });
});
