import { describe, expect, it } from 'vitest';
import { tally, type ReportedModule } from './tally.ts';

describe('tally', () => {
  it('counts passed tests by project', () => {
    const counted = tally([reported('unit', ['passed', 'passed']), reported('faults', ['passed'])], []);
    expect(counted).toEqual({ passed: 3, failed: 0, projects: ['unit', 'faults'] });
  });

  it.each(['failed', 'skipped', 'pending'])('counts a %s test as failed', (state) => {
    expect(tally([reported('unit', ['passed', state])], [])).toMatchObject({ passed: 1, failed: 1 });
  });

  it('counts a file that could not be loaded, and one without tests, as failed suites that did not run', () => {
    const counted = tally([reported('unit', [], [new Error('no such import')]), reported('faults', [])], []);
    expect(counted).toEqual({ passed: 0, failed: 2, projects: [] });
  });

  it('counts errors outside of any test', () => {
    expect(tally([reported('unit', ['passed'])], [new Error('left over')])).toMatchObject({ passed: 1, failed: 1 });
  });
});

function reported(project: string, states: readonly string[], errors: readonly unknown[] = []): ReportedModule {
  return {
    project: { name: project },
    children: { allTests: () => states.map((state) => ({ result: () => ({ state }) })) },
    errors: () => errors,
  };
}
