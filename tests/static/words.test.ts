import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from './tools.ts';

/** Places of one machine and hosts of one registry: what holds them works nowhere else. */
const FORBIDDEN = [
  /(?<![\w./-])\/work\//,
  /(?<![\w.-])\.\.\/shared\//,
  /(?<![\w./-])\/(?:root|home\/[a-z]+)\//,
  /registry\.(?:npmjs|yarnpkg|npmmirror)\./,
];

const NOT_OURS = new Set(['node_modules', 'dist', 'coverage', '.git', '.switchboard']);

describe('words', () => {
  it('of one machine or registry are in no file', () => {
    const found = filesUnder('').flatMap((path) => forbiddenIn(readFileSync(join(root, path), 'utf8')).map((words) => `${path}: ${words}`));
    expect(found).toEqual([]);
  });

  it.each(['see /work' + '/main', 'https://registry' + '.npmjs.org/left', "cd '/root" + "/x'", 'in ../sha' + 'red/style.md'])(
    'are found: %s',
    (text) => {
      expect(forbiddenIn(text)).toHaveLength(1);
    },
  );

  it.each(['/network/main', 'https://host/work/', '~/x', './work/a'])('are not seen where they are not: %s', (text) => {
    expect(forbiddenIn(text)).toEqual([]);
  });
});

function forbiddenIn(text: string): string[] {
  return FORBIDDEN.flatMap((pattern) => pattern.exec(text)?.[0] ?? []);
}

function filesUnder(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    if (NOT_OURS.has(entry.name)) return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesUnder(path);
    return entry.isFile() ? [path] : [];
  });
}
