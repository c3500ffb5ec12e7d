import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const repository = join(import.meta.dirname, '../..');

it('the chat bench runs, and prints its figures in their fixed form', () => {
  // Not the temporary folder, which may be in memory: the bench refuses that.
  const TMPDIR = mkdtempSync(join(repository, 'node_modules/.bench-'));
  try {
    const options = ['--shape', 'dense', '--peer', 'node-reference', '--rounds', '1', '--seconds', '1', '--json'];
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--conditions=source', 'tests/load/main.ts', 'chat', ...options], {
      cwd: repository,
      env: { ...process.env, TMPDIR },
      encoding: 'utf8',
    });
    expect(status, stderr).toBe(0);
    const rows = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    for (const shape of ['push-only-dense', 'stock-dense']) {
      const row = rows.find((it) => it['shape'] === shape && it['metric'] === 'sends_per_cpu_s');
      const number = expect.any(Number) as number;
      expect(row).toEqual({
        bench: 'chat',
        shape,
        peer: 'node-reference',
        metric: 'sends_per_cpu_s',
        ours: number,
        theirs: number,
        unit: '1/s',
        ratio: number,
        rounds: 1,
      });
    }
  } finally {
    rmSync(TMPDIR, { recursive: true, force: true });
  }
});
