import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readLockedProject, type Lockfile } from '../../scripts/lockfile.ts';
import { productionPackages } from '../../scripts/production.ts';
import { renderNotices } from '../../scripts/render-notices.ts';
import { root } from './tools.ts';

/** Licences that let everybody use the works in anything, with no more than a notice. */
const PERMISSIVE = new Set(['MIT', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', 'BlueOak-1.0.0']);

describe('third-party notices', () => {
  it('are up to date (npm run notices)', async () => {
    expect(readFileSync(join(root, 'THIRD-PARTY-NOTICES.md'), 'utf8')).toBe(await renderNotices(root));
  });

  it('name permissive licences only', () => {
    const { lockfile, manifests } = readLockedProject(root);
    const others = productionPackages(lockfile, manifests).filter(({ licence }) => !PERMISSIVE.has(licence));
    expect(others).toEqual([]);
  });

  it('cover what a dependency brings along, and what is bundled, but no build tool', () => {
    const lockfile: Lockfile = {
      lockfileVersion: 3,
      packages: {
        'node_modules/fastify': { license: 'MIT', dependencies: { avvio: '^1.0.0' } },
        'node_modules/fastify/node_modules/avvio': { license: 'GPL-3.0' },
        'node_modules/avvio': { license: 'MIT' },
        'node_modules/react': { license: 'MIT' },
        'node_modules/vite': { license: 'MIT' },
        'node_modules/vitest': { license: 'MIT' },
      },
    };
    const server = { dependencies: { fastify: '1.0.0' }, devDependencies: { vitest: '1.0.0' } };
    const portal = { devDependencies: { react: '1.0.0', vite: '1.0.0' } };
    const found = productionPackages(lockfile, { server, portal });
    expect(found.map(({ folder, licence }) => `${folder} ${licence}`)).toEqual([
      'node_modules/fastify/node_modules/avvio GPL-3.0',
      'node_modules/fastify MIT',
      'node_modules/react MIT',
    ]);
  });
});
