import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { cpuUsBetween, readCpu, readResidentKb } from './cpu.ts';

it('counts the CPU time and memory of a process and of its children', async () => {
  const before = readCpu(process.pid);
  const kbAlone = readResidentKb(process.pid);
  const spin =
    'const end = process.cpuUsage().user + 200_000; while (process.cpuUsage().user < end); console.log(); process.stdin.resume()';
  const child = spawn(process.execPath, ['-e', spin], { stdio: ['pipe', 'pipe', 'ignore'] });
  await once(child.stdout, 'data');
  const usedUs = cpuUsBetween(before, readCpu(process.pid));
  const kbTogether = readResidentKb(process.pid);
  child.stdin.end();
  await once(child, 'exit');
  expect(usedUs).toBeGreaterThan(200_000);
  expect(kbTogether).toBeGreaterThan(kbAlone + 10_000);
});
