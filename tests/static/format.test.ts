import { describe, expect, it } from 'vitest';
import { PlantedProject, runTool } from './tools.ts';

const PRETTIER = 'prettier/bin/prettier.cjs';

describe('format', () => {
  it("is Prettier's", () => {
    const { exitCode, output } = runTool(PRETTIER, ['--check', '--log-level', 'warn', '.']);
    expect(output).toBe('');
    expect(exitCode).toBe(0);
  });

  it('is checked', () => {
    using planted = new PlantedProject({ 'server/src/planted.ts': 'export const a = "double quotes"\n' });
    const { exitCode, output } = runTool(PRETTIER, ['--check', '.'], planted.folder);
    expect(output).toContain('server/src/planted.ts');
    expect(exitCode).toBe(1);
  });
});
