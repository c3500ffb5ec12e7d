#!/usr/bin/env node
/**
 * The `switchboard` command: starts the real entry with the flags Node needs. In the repository that is the source, run
 * by type stripping; in the published package it is the build. Plain JavaScript that an old Node can read, to say so.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 24 || (major === 24 && minor < 9)) {
  process.stderr.write(`switchboard needs Node 24.9 or newer; this is ${process.versions.node}\n`);
  process.exit(1);
}

const source = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const build = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const entry = existsSync(source) ? ['--conditions=source', source] : [build];
// A smaller young heap than Node's: what it may hold stays in memory while nothing happens, see docs/decisions/young-heap.md.
const flags = ['--max-semi-space-size=8', '--disable-warning=ExperimentalWarning'];
const args = [...flags, ...process.execArgv, ...entry, ...process.argv.slice(2)];

// One process is better than two: signals, exit codes and the process id need no passing on.
if (process.platform !== 'win32' && process.execve !== undefined)
  process.execve(process.execPath, [process.execPath, ...args], process.env);
else runAsChild();

function runAsChild() {
  const child = spawn(process.execPath, args, { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === null ? 1 : 128);
  });
}
