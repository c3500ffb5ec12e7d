import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { renderReference } from './render-reference.ts';

/** Writes the generated pages of docs/reference; with `--check` only tells whether they are up to date. */
const folder = fileURLToPath(new URL('../docs/reference/', import.meta.url));
const stale = Object.entries(renderReference()).filter(([file, text]) => read(`${folder}${file}`) !== text);

if (process.argv.includes('--check')) {
  for (const [file] of stale) process.stderr.write(`docs/reference/${file} is out of date: run "npm run reference"\n`);
  process.exitCode = stale.length === 0 ? 0 : 1;
} else {
  for (const [file, text] of stale) writeFileSync(`${folder}${file}`, text);
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
