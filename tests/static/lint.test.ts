import { describe, expect, it } from 'vitest';
import { PlantedProject, root, runTool } from './tools.ts';

const ESLINT = 'eslint/bin/eslint.js';

/** Rule → a file that breaks it. */
const FAULTS: Readonly<Record<string, readonly [path: string, content: string]>> = {
  '@typescript-eslint/no-floating-promises': ['server/src/chat/a.ts', 'export function a(): void {\n  Promise.resolve(1);\n}\n'],
  '@typescript-eslint/no-misused-promises': ['server/src/chat/b.ts', 'export const b = [1].filter(async () => true);\n'],
  '@typescript-eslint/switch-exhaustiveness-check': [
    'server/src/chat/c.ts',
    "export function c(kind: 'x' | 'y'): void {\n  switch (kind) {\n    case 'x':\n      break;\n  }\n}\n",
  ],
  '@typescript-eslint/no-explicit-any': ['server/src/chat/d.ts', 'export const d: any = 1;\n'],
  '@typescript-eslint/consistent-type-imports': ['server/src/chat/e.ts', "import { Stats } from 'node:fs';\nexport type E = Stats;\n"],
  '@typescript-eslint/max-params': ['server/src/chat/f.ts', 'export const f = (a: 1, b: 1, c: 1, d: 1): number => a + b + c + d;\n'],
  '@typescript-eslint/no-unsafe-assignment': ['server/src/chat/g.ts', "export const g: string = JSON.parse('1');\n"],
  'max-lines': ['server/src/chat/h.ts', `${'// a line\n'.repeat(301)}export const h = 1;\n`],
  'max-lines-per-function': ['server/src/chat/i.ts', `export function i(): void {\n${'  void 0;\n'.repeat(61)}}\n`],
  complexity: ['server/src/chat/j.ts', `export const j = (n: number): number => ${'n > 1 ? 1 : '.repeat(16)}0;\n`],
  'regexp/no-super-linear-backtracking': ['server/src/chat/k.ts', "export const k = /^(?:a+b?)+$/.test('a');\n"],
  'no-restricted-exports': ['server/src/chat/l.ts', 'export default 1;\n'],
  'no-restricted-globals': ['server/src/chat/m.ts', 'export const m = setTimeout(() => undefined, 1);\n'],
  'no-console': ['server/src/chat/n.ts', "console.log('n');\n"],
  '@eslint-community/eslint-comments/require-description': [
    'server/src/chat/o.ts',
    '// eslint-disable-next-line eqeqeq\nexport const o = (a: string): boolean => a == "1";\n',
  ],
  'react-hooks/rules-of-hooks': [
    'portal/src/p.tsx',
    "import { useState } from 'react';\nexport function P(on: boolean): void {\n  if (on) useState(1);\n}\n",
  ],
};

/** Words no product file outside of lib/ may say, one a file: all are caught by no-restricted-syntax. */
const FORBIDDEN = {
  'server/src/chat/now.ts': 'export const now = Date.now();\n',
  'server/src/chat/date.ts': 'export const date = new Date();\n',
  'server/src/chat/random.ts': 'export const random = Math.random();\n',
  'server/src/chat/uuid.ts': "import { randomUUID } from 'node:crypto';\nexport const uuid = randomUUID();\n",
  'server/src/chat/sleep.ts': "import { setTimeout as sleep } from 'node:timers/promises';\nexport const slept = sleep(1);\n",
  'server/src/chat/env.ts': "export const env = process.env['HOME'];\n",
  'server/src/lib/env.ts': "export const env = process.env['HOME'];\n",
  'cli/src/env.ts': "export const env = process.env['HOME'];\n",
};

const PORTAL_SETTINGS = {
  'portal/tsconfig.json': '{ "extends": "../tsconfig.base.json", "compilerOptions": { "jsx": "react-jsx" }, "include": ["src"] }\n',
};

describe('lint', () => {
  it('finds nothing', () => {
    const { exitCode, output } = runTool(ESLINT, ['.'], root);
    expect(output).toBe('');
    expect(exitCode).toBe(0);
  });

  it('finds a planted fault of each kind', () => {
    using planted = new PlantedProject({ ...PORTAL_SETTINGS, ...Object.fromEntries(Object.values(FAULTS)) });
    const found = rulesByFile(planted.folder);
    for (const [rule, [path]] of Object.entries(FAULTS)) expect(found[path], path).toContain(rule);
  });

  it('finds time, chance and environment used where they must be injected', () => {
    const allowed = {
      'server/src/lib/time.ts': FORBIDDEN['server/src/chat/now.ts'],
      'server/src/config/env.ts': FORBIDDEN['cli/src/env.ts'],
    };
    using planted = new PlantedProject({ ...FORBIDDEN, ...allowed });
    const found = rulesByFile(planted.folder);
    for (const path of Object.keys(FORBIDDEN)) expect(found[path], path).toContain('no-restricted-syntax');
    for (const path of Object.keys(allowed)) expect(found[path], path).toEqual([]);
  });
});

interface LintedFile {
  readonly filePath: string;
  readonly messages: readonly { readonly ruleId: string | null; readonly message: string }[];
}

/** Path → names of the rules it breaks. */
function rulesByFile(folder: string): Record<string, string[]> {
  const { output } = runTool(ESLINT, ['--format', 'json', '.'], folder);
  const files = JSON.parse(output) as LintedFile[];
  return Object.fromEntries(
    files.map(({ filePath, messages }) => [filePath.slice(folder.length + 1), messages.map(({ ruleId, message }) => ruleId ?? message)]),
  );
}
