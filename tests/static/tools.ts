import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export const root = join(import.meta.dirname, '..', '..');

/** Folders dependency-cruiser reads. */
export const SOURCES = ['contract', 'server', 'cli', 'portal', 'chat-node', 'tests', 'scripts'];

export interface ToolRun {
  readonly exitCode: number | null;
  /** Standard output and standard error together. */
  readonly output: string;
}

/** Runs a tool's own executable file in `cwd`, with the Node of this project. */
export function runTool(script: string, args: readonly string[], cwd = root): ToolRun {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'node_modules', script), ...args], {
    cwd,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' },
  });
  return { exitCode: status, output: `${stdout}${stderr}` };
}

const SHARED_FILES = [
  'package.json',
  'tsconfig.json',
  'tsconfig.base.json',
  'eslint.config.mjs',
  'prettier.config.mjs',
  '.prettierignore',
  '.dependency-cruiser.mjs',
  'knip.json',
];

/** A folder with this project's tool settings and the given files only: shows what the tools say about planted faults. */
export class PlantedProject implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'switchboard-planted-'));

  /** @param files path → content */
  constructor(files: Readonly<Record<string, string>>) {
    for (const file of SHARED_FILES) cpSync(join(root, file), join(this.folder, file));
    symlinkSync(join(root, 'node_modules'), join(this.folder, 'node_modules'));
    for (const [path, content] of Object.entries(files)) this.#write(path, content);
  }

  #write(path: string, content: string): void {
    mkdirSync(dirname(join(this.folder, path)), { recursive: true });
    writeFileSync(join(this.folder, path), content);
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true });
  }
}
