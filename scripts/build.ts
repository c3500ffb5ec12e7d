/**
 * `npm run build` makes the `dist` folder of every published workspace. In the repository everything runs from source;
 * published packages need JavaScript, because Node strips no types below `node_modules`.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const nodeModules = join(root, 'node_modules');

/** Those written for Node, each after the ones whose declarations it needs. */
const COMPILED = ['contract', 'server', 'cli'];
const BUNDLED = 'portal';
const LEGAL_FILES = ['LICENSE', 'THIRD-PARTY-NOTICES.md'];

try {
  for (const workspace of COMPILED) compile(workspace);
  run(join(nodeModules, 'vite', 'bin', 'vite.js'), ['build', '--logLevel', 'warn'], join(root, BUNDLED));
  for (const workspace of [...COMPILED, BUNDLED]) {
    for (const file of LEGAL_FILES) cpSync(join(root, file), join(root, workspace, 'dist', file));
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

function compile(workspace: string): void {
  const folder = join(root, workspace);
  const dist = join(folder, 'dist');
  rmSync(dist, { recursive: true, force: true });
  // Below node_modules, so that a broken build leaves nothing in the tree and `types` are found from there.
  mkdirSync(join(nodeModules, '.cache'), { recursive: true });
  const scratch = mkdtempSync(join(nodeModules, '.cache', 'build-'));
  const settings = join(scratch, 'tsconfig.json');
  writeFileSync(settings, JSON.stringify(emitSettings(folder, dist)));
  try {
    run(join(nodeModules, 'typescript', 'bin', 'tsc'), ['-p', settings], folder);
  } finally {
    rmSync(scratch, { recursive: true });
  }
  refuseSourceNames(dist);
}

function emitSettings(folder: string, dist: string): object {
  return {
    extends: join(root, 'tsconfig.base.json'),
    compilerOptions: {
      rootDir: join(folder, 'src'),
      outDir: dist,
      noEmit: false,
      declaration: true,
      rewriteRelativeImportExtensions: true,
      // Other workspaces are seen as their users see them: built.
      customConditions: [],
      types: folder.endsWith('contract') ? [] : ['node'],
      typeRoots: [join(nodeModules, '@types')],
    },
    include: [join(folder, 'src')],
    exclude: ['*.test.ts', '*.bench.ts', 'testing.ts'].map((name) => join(folder, 'src/**', name)),
  };
}

/** tsc rewrites imports, but not the names of worker files: those need `import.meta.filename`'s own extension. */
function refuseSourceNames(dist: string): void {
  for (const file of readdirSync(dist, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.js')) continue;
    const line = readFileSync(join(dist, file), 'utf8')
      .split('\n')
      .find((text) => /new URL\(\s*['"`][^'"`]*\.ts['"`]/.test(text));
    if (line !== undefined) throw new Error(`${join(dist, file)} names a TypeScript file, which is not published: ${line.trim()}`);
  }
}

function run(script: string, args: readonly string[], cwd: string): void {
  const { status } = spawnSync(process.execPath, [script, ...args], { cwd, stdio: 'inherit' });
  if (status !== 0) throw new Error(`${script} failed in ${cwd}`);
}
