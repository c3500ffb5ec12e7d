import { describe, expect, it } from 'vitest';
import { PlantedProject, runTool, SOURCES } from './tools.ts';

const DEPENDENCY_CRUISER = 'dependency-cruiser/bin/dependency-cruiser.mjs';

interface Import {
  readonly from: string;
  readonly to: string;
  readonly typeOnly?: true;
}

/** Imports that break a rule of `.dependency-cruiser.mjs`. */
const FAULTS: readonly (Import & { readonly rule: string })[] = [
  { rule: 'folder-lib', from: 'server/src/lib/a.ts', to: 'server/src/storage/index.ts' },
  { rule: 'folder-storage', from: 'server/src/storage/a.ts', to: 'server/src/http/index.ts', typeOnly: true },
  { rule: 'folder-bus', from: 'server/src/bus/a.ts', to: 'server/src/limits/index.ts' },
  { rule: 'folder-identity', from: 'server/src/identity/a.ts', to: 'server/src/chat/index.ts' },
  { rule: 'folder-chat', from: 'server/src/chat/a.ts', to: 'server/src/admin/index.ts' },
  { rule: 'folder-chat', from: 'server/src/chat/b.ts', to: 'server/src/app.ts' },
  { rule: 'folder-chat', from: 'server/src/chat/c.test.ts', to: 'server/src/rooms/index.ts' },
  { rule: 'folder-media', from: 'server/src/media/a.ts', to: 'server/src/identity/index.ts' },
  { rule: 'folder-admin', from: 'server/src/admin/a.ts', to: 'server/src/config/index.ts' },
  { rule: 'folder-unknown', from: 'server/src/helpers/a.ts', to: 'server/src/lib/clock.ts' },
  { rule: 'folder-face', from: 'server/src/chat/d.ts', to: 'server/src/http/envelope.ts' },
  { rule: 'folder-face', from: 'server/src/chat/e.ts', to: 'server/src/storage/testing.ts' },
  { rule: 'folder-face-of-tests', from: 'server/src/chat/f.test.ts', to: 'server/src/http/envelope.ts' },
  { rule: 'folder-face-of-app', from: 'server/src/app.ts', to: 'server/src/http/envelope.ts' },
  { rule: 'main-only-app-and-config', from: 'server/src/main.ts', to: 'server/src/chat/index.ts' },
  { rule: 'no-test-code-in-product', from: 'server/src/chat/g.ts', to: 'server/src/chat/h.test.ts' },
  { rule: 'no-test-code-in-product', from: 'server/src/chat/i.ts', to: 'server/src/chat/testing.ts' },
  { rule: 'workspace-contract', from: 'contract/src/a.ts', to: 'server/src/lib/clock.ts' },
  { rule: 'workspace-server', from: 'server/src/a.ts', to: 'cli/src/main.ts' },
  { rule: 'workspace-portal', from: 'portal/src/a.ts', to: 'server/src/lib/clock.ts', typeOnly: true },
  { rule: 'workspace-tests', from: 'tests/conformance/a.test.ts', to: 'server/src/lib/clock.ts' },
  { rule: 'package-face', from: 'cli/src/a.ts', to: 'server/src/lib/clock.ts' },
];

/** Imports the tables allow. */
const ALLOWED: readonly Import[] = [
  { from: 'server/src/chat/a.ts', to: 'server/src/lib/deep/clock.ts' },
  { from: 'server/src/chat/a.ts', to: 'server/src/http/index.ts' },
  { from: 'server/src/chat/a.ts', to: 'server/src/chat/live/push.ts' },
  { from: 'server/src/chat/a.test.ts', to: 'server/src/storage/testing.ts' },
  { from: 'server/src/admin/a.ts', to: 'server/src/chat/index.ts' },
  { from: 'server/src/app.ts', to: 'server/src/admin/index.ts' },
  { from: 'server/src/main.ts', to: 'server/src/config/index.ts' },
  { from: 'tests/static/a.test.ts', to: 'scripts/b.ts' },
];

const CYCLE = {
  'server/src/rooms/x.ts': "import './y.ts';\n",
  'server/src/rooms/y.ts': "import type { X } from './x.ts';\n",
};
const UNRESOLVABLE = { 'server/src/rooms/nowhere.ts': "import './missing.ts';\n" };
const UNDECLARED = {
  'server/package.json': '{ "devDependencies": { "left": "1.0.0" } }',
  'server/node_modules/left/package.json': '{ "name": "left", "version": "1.0.0" }',
  'server/node_modules/left/index.js': '',
  'server/node_modules/right/package.json': '{ "name": "right", "version": "1.0.0" }',
  'server/node_modules/right/index.js': '',
  'server/src/rooms/left.ts': "import 'left';\n",
  'server/src/rooms/left.test.ts': "import 'left';\n",
  'server/src/rooms/right.ts': "import 'right';\n",
};

describe('imports', () => {
  it('follow the tables of .dependency-cruiser.mjs', () => {
    const { exitCode, output } = runTool(DEPENDENCY_CRUISER, ['--config', '.dependency-cruiser.mjs', ...SOURCES]);
    expect(output).toContain('no dependency violations found');
    expect(exitCode).toBe(0);
  });

  it('are refused where the tables do not allow them', () => {
    const found = violations({ ...importing(FAULTS), ...CYCLE, ...UNRESOLVABLE, ...UNDECLARED });
    for (const { rule, from, to } of FAULTS) expect(found, `${from} imports ${to}`).toContainEqual({ rule, from });
    expect(found).toContainEqual({ rule: 'no-cycles', from: 'server/src/rooms/x.ts' });
    expect(found).toContainEqual({ rule: 'no-unresolvable', from: 'server/src/rooms/nowhere.ts' });
    const undeclared = found.filter(({ rule }) => rule === 'no-undeclared-package').map(({ from }) => from);
    expect(undeclared.sort()).toEqual(['server/src/rooms/left.ts', 'server/src/rooms/right.ts']);
  });

  it('are accepted where the tables allow them', () => {
    expect(violations(importing(ALLOWED))).toEqual([]);
  });
});

/** The files that make these imports, and, empty, the files they import. */
function importing(imports: readonly Import[]): Record<string, string> {
  const files: Record<string, string> = Object.fromEntries(imports.map(({ to }) => [to, '']));
  for (const { from, to, typeOnly } of imports) {
    const specifier = `'${'../'.repeat(from.split('/').length - 1)}${to}'`;
    files[from] = `${files[from] ?? ''}import ${typeOnly === true ? 'type { A } from ' : ''}${specifier};\n`;
  }
  return files;
}

interface Violation {
  readonly rule: string;
  readonly from: string;
}

function violations(files: Readonly<Record<string, string>>): Violation[] {
  using planted = new PlantedProject(files);
  const folders = new Set(Object.keys(files).map((path) => path.slice(0, path.indexOf('/'))));
  const args = ['--config', '.dependency-cruiser.mjs', '--output-type', 'json', ...folders];
  const { output } = runTool(DEPENDENCY_CRUISER, args, planted.folder);
  const report = JSON.parse(output) as { summary: { violations: { from: string; rule: { name: string } }[] } };
  return report.summary.violations.map(({ from, rule }) => ({ rule: rule.name, from }));
}
