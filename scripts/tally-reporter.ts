import { writeFileSync } from 'node:fs';
import type { Reporter, TestModule } from 'vitest/node';
import { tally } from './tally.ts';

/** The variable that names the file a run's tally is written to, as JSON. */
export const TALLY_FILE_VARIABLE = 'SWITCHBOARD_TALLY_FILE';

/** Runs beside vitest's own reporter and hands the counts to `scripts/test.ts`. */
export default class TallyReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const file = process.env[TALLY_FILE_VARIABLE];
    if (file !== undefined) writeFileSync(file, JSON.stringify(tally(modules, unhandledErrors)));
  }
}
