import { describe, expect, it } from 'vitest';
import { PlantedProject, runTool } from './tools.ts';

const KNIP = 'knip/bin/knip.js';

describe('dead code', () => {
  it('is absent: every file, export and dependency is used', () => {
    const { exitCode, output } = runTool(KNIP, ['--no-progress', '--treat-config-hints-as-errors']);
    expect(output.trim()).toBe('');
    expect(exitCode).toBe(0);
  });

  it('is found: a file nobody imports, an export nobody uses, a dependency nobody needs', () => {
    using planted = new PlantedProject({
      'server/package.json': JSON.stringify({
        name: '@switchboard/server',
        exports: { '.': { source: './src/main.ts' } },
        dependencies: { kysely: '0.0.0' },
      }),
      'server/src/main.ts': "import { used } from './lib/used.ts';\nused();\n",
      'server/src/lib/used.ts': 'export function used(): void {}\nexport function unused(): void {}\n',
      'server/src/lib/forgotten.ts': 'export function forgotten(): void {}\n',
    });
    const { exitCode, output } = runTool(KNIP, ['--no-progress'], planted.folder);
    expect(output).toMatch(/Unused files[^]*server\/src\/lib\/forgotten\.ts/);
    expect(output).toMatch(/Unused exports[^]*unused +function +server\/src\/lib\/used\.ts/);
    expect(output).toMatch(/Unused dependencies[^]*kysely +server\/package\.json/);
    expect(exitCode).toBe(1);
  });
});
