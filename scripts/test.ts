/**
 * `npm test [-- vitest arguments]`: every suite in one run, and as the last line `N passed, N failed`.
 * Without arguments every project of `vitest.config.ts` must have run: a suite that could not run counts as failed.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PROJECT_NAMES } from '../vitest.config.ts';
import { TALLY_FILE_VARIABLE } from './tally-reporter.ts';
import type { Tally } from './tally.ts';

const root = join(import.meta.dirname, '..');
const scratch = mkdtempSync(join(tmpdir(), 'switchboard-tally-'));
const tallyFile = join(scratch, 'tally.json');
const extraArguments = process.argv.slice(2);

const exitCode = await runVitest();
const counted = readTally();
rmSync(scratch, { recursive: true });

const missing = extraArguments.length > 0 ? [] : PROJECT_NAMES.filter((name) => !counted.projects.includes(name));
for (const name of missing) console.log(`The suite ${name} did not run.`);

let failed = counted.failed + missing.length;
// Nothing ran at all, or vitest saw a fault the counts do not show.
if (failed === 0 && (counted.passed === 0 || exitCode !== 0)) failed = 1;
process.exitCode = failed === 0 ? 0 : 1;
console.log(`${counted.passed} passed, ${failed} failed`);

async function runVitest(): Promise<number> {
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const reporters = ['--reporter=default', `--reporter=${join(import.meta.dirname, 'tally-reporter.ts')}`];
  const child = spawn(process.execPath, ['--conditions=source', vitest, 'run', ...reporters, ...extraArguments], {
    cwd: root,
    env: { ...process.env, [TALLY_FILE_VARIABLE]: tallyFile },
    stdio: 'inherit',
  });
  const forward = (signal: NodeJS.Signals): unknown => child.kill(signal);
  process.once('SIGINT', forward).once('SIGTERM', forward);
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
}

function readTally(): Tally {
  if (!existsSync(tallyFile)) return { passed: 0, failed: 1, projects: [] };
  return JSON.parse(readFileSync(tallyFile, 'utf8')) as Tally;
}
