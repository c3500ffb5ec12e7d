import { defineConfig } from 'vitest/config';

const SECOND_MS = 1_000;

interface Suite {
  readonly name: string;
  readonly include: readonly string[];
  readonly testTimeoutMs: number;
  /** Suites of one group may run side by side; groups run one after the other. */
  readonly group: number;
  /** Run once before the suite. */
  readonly globalSetup?: string;
  /** Files of the suite run one at a time: they load the machine, or wound shared things on purpose. */
  readonly alone?: true;
}

function blackBox(name: string, group: number, testTimeoutMs: number): Suite {
  return { name, include: [`tests/${name}/**/*.test.ts`], group, testTimeoutMs };
}

const SUITES: readonly Suite[] = [
  {
    name: 'unit',
    include: ['{contract,server,cli,chat-node,portal}/src/**/*.test.{ts,tsx}', 'scripts/**/*.test.ts', 'tests/load/**/*.test.ts'],
    group: 0,
    testTimeoutMs: 20 * SECOND_MS,
    globalSetup: 'tests/lib/postgres-for-units.ts',
  },
  blackBox('static', 0, 300 * SECOND_MS),
  blackBox('conformance', 1, 60 * SECOND_MS),
  blackBox('upgrade', 1, 60 * SECOND_MS),
  blackBox('browser', 2, 120 * SECOND_MS),
  blackBox('packages', 2, 300 * SECOND_MS),
  { ...blackBox('faults', 3, 300 * SECOND_MS), alone: true },
];

/** Every suite `npm test` must have run. */
export const PROJECT_NAMES: readonly string[] = SUITES.map((suite) => suite.name);

// Workspace packages resolve to their sources, both where Vite resolves and where Node does. Vitest hands this list to Node too, where
// a condition `import` would make `require` load modules: neither has to name the kind of import.
const conditions = ['source', 'module', 'node', 'development|production'];

export default defineConfig({
  test: {
    projects: SUITES.map((suite) => ({
      resolve: { conditions },
      ssr: { resolve: { conditions, externalConditions: ['source', 'node'] } },
      test: {
        name: suite.name,
        include: [...suite.include],
        exclude: ['**/node_modules/**', '**/dist/**'],
        pool: 'forks',
        execArgv: ['--conditions=source', '--disable-warning=ExperimentalWarning'],
        maxWorkers: suite.alone === true ? 1 : 2,
        testTimeout: suite.testTimeoutMs,
        hookTimeout: suite.testTimeoutMs,
        ...(suite.globalSetup === undefined ? {} : { globalSetup: suite.globalSetup }),
        sequence: { groupOrder: suite.group },
        allowOnly: false,
      },
    })),
  },
});
