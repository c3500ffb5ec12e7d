import { describe, expect, it } from 'vitest';
import { PlantedProject, runTool } from './tools.ts';

describe('types', () => {
  it.each(['tsconfig.json', 'contract', 'chat-node', 'portal'])('of %s are right', (project) => {
    const { exitCode, output } = runTool('typescript/bin/tsc', ['-p', project]);
    expect(output).toBe('');
    expect(exitCode).toBe(0);
  });

  it('are checked strictly', () => {
    using planted = new PlantedProject({ 'server/src/chat/planted.ts': 'export const first: string = [""][0];\n' });
    const { exitCode, output } = runTool('typescript/bin/tsc', ['-p', 'tsconfig.json'], planted.folder);
    expect(output).toContain('TS2322');
    expect(exitCode).not.toBe(0);
  });
});
