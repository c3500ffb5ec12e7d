import fc from 'fast-check';
import { X509Certificate } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { get } from 'node:https';
import { connect as connectTcp, createServer as createTcpServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { connect } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { realNow } from '../../lib/clock.ts';
import { InvalidStateError } from '../../lib/errors.ts';
import { handshake, listen, POLL, portOf, startServer, temporaryFolder } from './testing.ts';
import { DAY_MS } from './local-authority.ts';

const SERVED = new Set(['myres.localhost', 'myres.communication.azure.com']);
const isServedName = (name: string): boolean => SERVED.has(name);
const WEAK_CIPHERS = 'DEFAULT:@SECLEVEL=0';
const TLS_1_1 = { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: WEAK_CIPHERS } as const;
const MISMATCH = 'ERR_TLS_CERT_ALTNAME_INVALID';
const LOOPBACKS = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses?.map(({ address }) => address) ?? [])
  .filter((address) => address === '127.0.0.1' || address === '::1');

function fetchText(url: string, ca: string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  get(url, { ca, agent: false }, (response) => {
    response.setEncoding('utf8').on('data', resolve);
  }).on('error', reject);
  return promise;
}

describe('requirement 121: encryption in transit', () => {
  it('verifies for every loopback address and for localhost with the authority of the installation', async () => {
    await using server = await startServer();
    expect(LOOPBACKS).toContain('127.0.0.1');
    for (const host of ['localhost', ...LOOPBACKS]) {
      const authority = host.includes(':') ? `[${host}]` : host;
      expect(await fetchText(`https://${authority}:${server.port}/`, server.contexts.caPem)).toBe('served');
    }
  });

  it('is refused by a client that does not trust the authority', async () => {
    await using server = await startServer();
    expect((await handshake({ port: server.port, servername: 'localhost' })).problem).not.toBeNull();
  });

  it.each([...SERVED, 'MyRes.LocalHost'])('verifies for the served name %s', async (servername) => {
    await using server = await startServer({ isServedName });
    const shown = await handshake({ port: server.port, servername, ca: server.contexts.caPem });
    expect(shown.problem).toBeNull();
    expect(shown.certificate.subjectAltName).toBe(`DNS:${servername.toLowerCase()}`);
  });

  it('refuses TLS 1.1 and speaks 1.2 and 1.3, for default and named leaves', async () => {
    await using server = await startServer({ isServedName });
    for (const servername of ['localhost', 'myres.localhost']) {
      const old = handshake({ port: server.port, servername, ...TLS_1_1 });
      await expect(old).rejects.toMatchObject({ code: 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION' });
      expect((await handshake({ port: server.port, servername, maxVersion: 'TLSv1.2' })).protocol).toBe('TLSv1.2');
      expect((await handshake({ port: server.port, servername })).protocol).toBe('TLSv1.3');
    }
  });

  it('refuses TLS 1.1 by its own setting, not only because its ciphers are too strong for it', async () => {
    await using server = await startServer();
    await using weak = await listen({ ...server.contexts.serverOptions(), ciphers: WEAK_CIPHERS });
    await expect(handshake({ port: weak.port, ...TLS_1_1 })).rejects.toMatchObject({ code: 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION' });
    await using older = await listen({ ...server.contexts.serverOptions(), ciphers: WEAK_CIPHERS, minVersion: 'TLSv1.1' });
    expect((await handshake({ port: older.port, ...TLS_1_1 })).protocol).toBe('TLSv1.1');
  });

  it('offers HTTP/1.1 only', async () => {
    await using server = await startServer();
    expect((await handshake({ port: server.port, ALPNProtocols: ['h2', 'http/1.1'] })).alpn).toBe('http/1.1');
    await expect(handshake({ port: server.port, ALPNProtocols: ['h2'] })).rejects.toThrow();
  });
});

describe('names that are not served', () => {
  it('are shown the default leaf, which does not match, and nothing is made', async () => {
    await using temporary = await temporaryFolder();
    await using server = await startServer({ isServedName, folder: temporary.folder });
    const before = await readdir(temporary.folder);
    const shown = await handshake({ port: server.port, servername: 'other.example', ca: server.contexts.caPem });
    expect(shown.problem).toBe(MISMATCH);
    expect(await readdir(temporary.folder)).toEqual(before);
  });

  it('get no leaf when the asked predicate fails', async () => {
    await using server = await startServer({
      isServedName: () => {
        throw new Error('storage is away');
      },
    });
    expect((await handshake({ port: server.port, servername: 'myres.localhost', ca: server.contexts.caPem })).problem).toBe(MISMATCH);
    expect(server.lines.join('')).toContain('storage is away');
  });

  it('may be any bytes of any length without harm', async () => {
    await using temporary = await temporaryFolder();
    await using server = await startServer({ isServedName: () => true, folder: temporary.folder });
    const before = await readdir(temporary.folder);
    const fixed = [
      'localhost.',
      '../../../etc/passwd',
      `${'a'.repeat(63)}.`.repeat(3) + 'a'.repeat(63),
      '\0',
      'a\0.localhost',
      '127.0.0.1',
      'a..b',
      '-'.repeat(300),
    ];
    // A byte above 0x7F keeps generated names from being good ones.
    const generated = fc
      .sample(fc.uint8Array({ minLength: 1, maxLength: 400 }), 60)
      .map((bytes) => Buffer.concat([bytes, Buffer.of(0xff)]));
    for (const name of [...fixed.map((text) => Buffer.from(text)), ...generated]) await sendHello(server.port, name);
    expect(await readdir(temporary.folder)).toEqual(before);
    // The same way of sending reaches the server with a good name, and leads to a leaf.
    await sendHello(server.port, Buffer.from('good.example'));
    expect(await readdir(temporary.folder)).toHaveLength(before.length + 1);
  });
});

describe('life of the certificates', () => {
  it('gives the same authority and leaves after a restart', async () => {
    await using temporary = await temporaryFolder();
    const shown = async (): Promise<readonly string[]> => {
      await using server = await startServer({ folder: temporary.folder, isServedName });
      const [first, second] = [
        await handshake({ port: server.port }),
        await handshake({ port: server.port, servername: 'myres.localhost' }),
      ];
      return [server.contexts.caPem, first.certificate.fingerprint256, second.certificate.fingerprint256];
    };
    expect(await shown()).toEqual(await shown());
  });

  it('shows a renewed default leaf while serving, with and without an indicated name', async () => {
    const realMs = realNow();
    let nowMs = realMs - 300 * DAY_MS;
    await using server = await startServer({ nowMs: () => nowMs });
    const shown = async (servername?: string): Promise<X509Certificate> => {
      const answer = await handshake({ port: server.port, ca: server.contexts.caPem, ...(servername !== undefined && { servername }) });
      expect(answer.problem).toBeNull();
      return answer.certificate;
    };
    const old = await shown();
    expect((await shown('localhost')).fingerprint256).toBe(old.fingerprint256);
    nowMs = realMs;
    server.timers.tick();
    await expect.poll(async () => (await shown()).fingerprint256, POLL).not.toBe(old.fingerprint256);
    expect((await shown('localhost')).fingerprint256).toBe((await shown()).fingerprint256);
  });

  it('shows a renewed named leaf to the first handshake that needs it', async () => {
    const realMs = realNow();
    let nowMs = realMs - 300 * DAY_MS;
    await using server = await startServer({ nowMs: () => nowMs, isServedName });
    const options = { port: server.port, servername: 'myres.localhost', ca: server.contexts.caPem };
    const old = await handshake(options);
    nowMs = realMs;
    const renewed = await Promise.all(Array.from({ length: 8 }, () => handshake(options)));
    expect(new Set(renewed.map(({ certificate }) => certificate.fingerprint256)).size).toBe(1);
    expect(renewed[0]?.certificate.fingerprint256).not.toBe(old.certificate.fingerprint256);
    expect(renewed[0]?.problem).toBeNull();
  });

  it('shows a server that was attached late what was renewed before', async () => {
    const realMs = realNow();
    let nowMs = realMs - 300 * DAY_MS;
    await using server = await startServer({ nowMs: () => nowMs });
    const options = server.contexts.serverOptions();
    nowMs = realMs;
    server.timers.tick();
    await expect.poll(() => server.contexts.serverOptions().cert, POLL).not.toBe(options.cert);
    await using late = await listen(options, server.contexts);
    expect((await handshake({ port: late.port })).certificate.toString()).toBe(server.contexts.serverOptions().cert);
  });

  it('ends with close, twice if need be', async () => {
    const server = await startServer({ isServedName });
    await server.contexts.close();
    await server.contexts.close();
    expect(server.timers.running).toBe(0);
    expect((await handshake({ port: server.port, servername: 'myres.localhost', ca: server.contexts.caPem })).problem).toBe(MISMATCH);
    expect(() => server.contexts.attach(undefined as never)).toThrow(InvalidStateError);
    await server[Symbol.asyncDispose]();
  });

  it('leaves nothing on disk and names no file when there is no folder', async () => {
    await using server = await startServer({ isServedName });
    expect(server.contexts.caFile).toBeUndefined();
    expect(new X509Certificate(server.contexts.caPem).ca).toBe(true);
  });
});

/** Sends a ClientHello with `name` as its server name, whatever its bytes, and waits for the answer or the end. */
async function sendHello(port: number, name: Buffer): Promise<void> {
  const hello = withServerName(await recordedHello(), name);
  const { promise, resolve } = Promise.withResolvers<void>();
  const socket = connectTcp({ port, host: '127.0.0.1' }, () => socket.write(hello));
  const end = (): void => {
    socket.destroy();
    resolve();
  };
  socket.on('data', end).on('close', end).on('error', end);
  return promise;
}

const PLACEHOLDER = 'placeholder.example';

/** What a real client sends first. */
async function recordedHello(): Promise<Buffer> {
  const { promise, resolve } = Promise.withResolvers<Buffer>();
  const recorder = createTcpServer((socket) => {
    socket.once('data', (bytes) => {
      socket.destroy();
      recorder.close();
      resolve(bytes);
    });
  });
  recorder.listen(0, '127.0.0.1', () => {
    connect({ port: portOf(recorder), host: '127.0.0.1', servername: PLACEHOLDER }).on('error', () => undefined);
  });
  return promise;
}

/** Puts `name` in place of the recorded one and corrects every length around it (RFC 8446 sections 4, 4.1.2 and 5.1). */
function withServerName(hello: Buffer, name: Buffer): Buffer {
  const at = hello.indexOf(PLACEHOLDER);
  const changed = Buffer.concat([hello.subarray(0, at), name, hello.subarray(at + PLACEHOLDER.length)]);
  const growth = name.length - PLACEHOLDER.length;
  const extensionsAt = extensionsLengthAt(hello);
  // Record; handshake message (the low two of its three bytes); extensions; extension; name list; name.
  for (const lengthAt of [3, 7, extensionsAt, at - 7, at - 5, at - 2])
    changed.writeUInt16BE(changed.readUInt16BE(lengthAt) + growth, lengthAt);
  return changed;
}

/** Where the length of all extensions stands: behind version, random, session id, cipher suites and compression methods. */
function extensionsLengthAt(hello: Buffer): number {
  const afterSession = 43 + 1 + hello.readUInt8(43);
  const afterCiphers = afterSession + 2 + hello.readUInt16BE(afterSession);
  return afterCiphers + 1 + hello.readUInt8(afterCiphers);
}
