import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const script = fileURLToPath(new URL('../../scripts/reference.ts', import.meta.url));

it('the generated reference pages are up to date', async () => {
  await expect(promisify(execFile)(process.execPath, ['--conditions=source', script, '--check'])).resolves.toBeDefined();
});
