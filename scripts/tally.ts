/** What one test run came to, as the last line of `npm test` states it. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  /** Names of the projects that ran at least one test. */
  readonly projects: readonly string[];
}

/** The parts of vitest's reported objects that are counted here. */
export interface ReportedModule {
  readonly project: { readonly name: string };
  readonly children: { allTests(): Iterable<{ result(): { readonly state: string } }> };
  errors(): readonly unknown[];
}

/**
 * Counts a run strictly: everything that is not a passed test is a failure. A skipped or todo test fails, as does a
 * file that could not be loaded, that holds no test, or an error outside of any test.
 */
export function tally(modules: readonly ReportedModule[], unhandledErrors: readonly unknown[]): Tally {
  let passed = 0;
  let failed = unhandledErrors.length;
  const projects = new Set<string>();
  for (const module of modules) {
    const states = [...module.children.allTests()].map((test) => test.result().state);
    const passedHere = states.filter((state) => state === 'passed').length;
    passed += passedHere;
    failed += states.length - passedHere;
    if (states.length === 0 || module.errors().length > 0) failed += 1;
    else projects.add(module.project.name);
  }
  return { passed, failed, projects: [...projects] };
}
