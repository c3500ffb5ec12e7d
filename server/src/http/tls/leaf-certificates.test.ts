import { chmod, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { realNow } from '../../lib/clock.ts';
import { environmentAt, temporaryFolder } from './testing.ts';
import { LeafCertificates } from './leaf-certificates.ts';
import { DAY_MS, LocalAuthority } from './local-authority.ts';

interface Setting {
  readonly folder?: string;
  readonly capacity?: number;
  readonly nowMs?: () => number;
  readonly names?: readonly string[];
}

async function openLeaves({ folder, capacity = 10, nowMs, names = ['localhost', '::1'] }: Setting = {}) {
  const environment = { ...environmentAt(nowMs), ...(folder !== undefined && { folder }) };
  const authority = await LocalAuthority.open(environment);
  const leaves = new LeafCertificates({ ...environment, authority, capacity, defaultNames: names });
  const made = (): number => environment.lines.filter((line) => line.includes('made a certificate')).length;
  return { leaves, made, authority, lines: environment.lines };
}

describe('leaves', () => {
  it('are made once for requests at the same time', async () => {
    const { leaves, made } = await openLeaves();
    const got = await Promise.all(Array.from({ length: 20 }, () => leaves.named('a.localhost')));
    expect(new Set(got).size).toBe(1);
    expect(made()).toBe(1);
  });

  it('are held up to the capacity, the least recently used forgotten first', async () => {
    const { leaves, made } = await openLeaves({ capacity: 2 });
    for (const name of ['a.localhost', 'b.localhost', 'a.localhost', 'c.localhost', 'a.localhost']) await leaves.named(name);
    expect(made()).toBe(3);
    await leaves.named('b.localhost');
    expect(made()).toBe(4);
  });

  it('are loaded, not made, by the next start', async () => {
    await using temporary = await temporaryFolder();
    const first = await openLeaves(temporary);
    const made = [await first.leaves.default.current(), await first.leaves.named('a.localhost')];
    const second = await openLeaves(temporary);
    const loaded = [await second.leaves.default.current(), await second.leaves.named('a.localhost')];
    expect(loaded.map((leaf) => leaf.certificatePem)).toEqual(made.map((leaf) => leaf.certificatePem));
    expect(loaded.map((leaf) => leaf.keyPem)).toEqual(made.map((leaf) => leaf.keyPem));
    expect(second.made()).toBe(0);
  });

  it('are kept closed to others, under names of bounded length', async () => {
    await using temporary = await temporaryFolder();
    const { leaves, lines } = await openLeaves(temporary);
    const longest = `${'a'.repeat(61)}.`.repeat(4) + 'abcde';
    await leaves.default.current();
    await leaves.named(longest);
    await leaves.named('con');
    const files = (await readdir(temporary.folder)).filter((file) => file.startsWith('leaf'));
    expect(files).toHaveLength(3);
    for (const file of files) expect((await stat(path.join(temporary.folder, file))).mode & 0o777).toBe(0o600);
    expect(lines.join('')).not.toContain('kept in memory only');
  });

  it.each([
    ['damaged', (file: string) => writeFile(file, 'damaged'), 'leaf.pem'],
    ['open to others', (file: string) => chmod(file, 0o644), 'open to other users'],
    ['of another authority', (file: string) => rm(path.join(path.dirname(file), 'ca.pem')), 'another authority'],
    [
      'without its key',
      async (file: string) => writeFile(file, (await readFile(file, 'utf8')).replace(/-----BEGIN PRIV.*END PRIVATE KEY-----\n/s, '')),
      'leaf.pem',
    ],
  ])('are replaced when the kept file is %s, and the log names it', async (_what, spoil, said) => {
    await using temporary = await temporaryFolder();
    const file = path.join(temporary.folder, 'leaf.pem');
    await (await openLeaves(temporary)).leaves.default.current();
    await spoil(file);
    const next = await openLeaves(temporary);
    await next.leaves.default.current();
    expect(next.made()).toBe(1);
    expect(next.lines.find((line) => line.includes('is replaced'))).toContain(said);
    const third = await openLeaves(temporary);
    await third.leaves.default.current();
    expect(third.made()).toBe(0);
  });

  it('are replaced when other names are asked of the default leaf', async () => {
    await using temporary = await temporaryFolder();
    await (await openLeaves(temporary)).leaves.default.current();
    for (const names of [['localhost'], ['localhost', '::ffff:a00:1'], ['localhost', '127.0.0.1', '::1']]) {
      const changed = await openLeaves({ ...temporary, names });
      await changed.leaves.default.current();
      expect(changed.made()).toBe(1);
      const same = await openLeaves({ ...temporary, names });
      await same.leaves.default.current();
      expect(same.made()).toBe(0);
    }
  });

  it('serve from memory when they cannot be written', async () => {
    await using temporary = await temporaryFolder();
    const { leaves, lines } = await openLeaves(temporary);
    await rm(temporary.folder, { recursive: true });
    expect((await leaves.named('a.localhost')).certificatePem).toContain('BEGIN CERTIFICATE');
    expect(lines.join('')).toContain('kept in memory only');
  });

  it('are renewed once when a third of their life is left, by whoever asks', async () => {
    let nowMs = realNow();
    const { leaves, made } = await openLeaves({ nowMs: () => nowMs });
    const old = await leaves.named('a.localhost');
    nowMs = old.notAfterMs - 133 * DAY_MS;
    expect(await leaves.named('a.localhost')).toBe(old);
    nowMs = old.notAfterMs - 132 * DAY_MS;
    const renewed = await Promise.all([leaves.named('a.localhost'), leaves.named('a.localhost')]);
    expect(renewed[0]).not.toBe(old);
    expect(renewed[1]).toBe(renewed[0]);
    expect(made()).toBe(2);
  });

  it('are not renewed again and again when the authority itself is about to end', async () => {
    let nowMs = realNow();
    const { leaves, made, authority } = await openLeaves({ nowMs: () => nowMs });
    nowMs = authority.endsAtMs - 20 * DAY_MS;
    await leaves.named('a.localhost');
    nowMs += DAY_MS;
    await leaves.named('a.localhost');
    expect(made()).toBe(1);
  });

  it('leave the disk beyond the capacity, oldest first, when swept', async () => {
    await using temporary = await temporaryFolder();
    const { leaves } = await openLeaves({ ...temporary, capacity: 1 });
    await leaves.default.current();
    for (const name of ['a.localhost', 'b.localhost']) await leaves.named(name);
    await leaves.sweep();
    expect((await readdir(temporary.folder)).sort()).toEqual([
      'ca-key.pem',
      'ca.pem',
      expect.stringMatching(/^leaf-/) as unknown,
      'leaf.pem',
    ]);
    const next = await openLeaves({ ...temporary, capacity: 1 });
    await next.leaves.default.current();
    await next.leaves.named('b.localhost');
    expect(next.made()).toBe(0);
  });
});
