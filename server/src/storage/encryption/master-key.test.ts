import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RepeatableRandom } from '../../lib/testing.ts';
import { MasterKey } from './master-key.ts';

async function setUp() {
  const folder = await mkdtempDisposable(join(tmpdir(), 'switchboard-master-'));
  const file = join(folder.path, 'master.key');
  const open = (seed: string) => MasterKey.open(folder.path, new RepeatableRandom(seed));
  return { file, open, [Symbol.asyncDispose]: () => folder.remove() };
}

function fingerprint(key: MasterKey, purpose = 'test'): string {
  return key.derive(purpose).export().toString('hex');
}

describe('the master key', () => {
  it('is made on the first start, for its owner only, and found again', async () => {
    await using folder = await setUp();
    const first = folder.open('first');
    expect(statSync(folder.file).mode & 0o777).toBe(0o600);
    expect(readFileSync(folder.file, 'utf8')).toMatch(/^[A-Za-z0-9+/]{43}=\n$/);
    expect(fingerprint(folder.open('second'))).toBe(fingerprint(first));
  });

  it('takes back its file from other readers', async () => {
    await using folder = await setUp();
    const first = folder.open('first');
    chmodSync(folder.file, 0o644);
    expect(fingerprint(folder.open('second'))).toBe(fingerprint(first));
    expect(statSync(folder.file).mode & 0o777).toBe(0o600);
  });

  it('is not replaced when its file is damaged: all data would be lost', async () => {
    await using folder = await setUp();
    for (const damaged of ['', 'c2hvcnQ=', 'not base64 at all!', Buffer.alloc(33).toString('base64')]) {
      writeFileSync(folder.file, damaged);
      expect(() => folder.open('new')).toThrow(/master\.key must hold 32 bytes as base64 \(44 characters\); it holds \d+ bytes/);
      expect(readFileSync(folder.file, 'utf8')).toBe(damaged);
    }
  });

  it('is made whole when an earlier start died while it wrote', async () => {
    await using folder = await setUp();
    writeFileSync(`${folder.file}.new`, 'half a k');
    expect(fingerprint(folder.open('first'))).toBe(fingerprint(folder.open('second')));
    expect(existsSync(`${folder.file}.new`)).toBe(false);
  });

  it('comes from a text, with or without the line end of its file', () => {
    const text = Buffer.alloc(32, 7).toString('base64');
    expect(fingerprint(MasterKey.parse(`${text}\n`, 'THE_VARIABLE'))).toBe(fingerprint(MasterKey.parse(text, 'THE_VARIABLE')));
    expect(() => MasterKey.parse('c2hvcnQ=', 'THE_VARIABLE')).toThrow(/^THE_VARIABLE must hold 32 bytes.*holds 5 bytes/);
  });

  it('gives an independent key for each purpose', () => {
    const key = MasterKey.random(new RepeatableRandom());
    expect(fingerprint(key, 'one')).not.toBe(fingerprint(key, 'two'));
    expect(fingerprint(key, 'one')).toBe(fingerprint(key, 'one'));
    expect(fingerprint(MasterKey.random(new RepeatableRandom('other')), 'one')).not.toBe(fingerprint(key, 'one'));
  });
});
