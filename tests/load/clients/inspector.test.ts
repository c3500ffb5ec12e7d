import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loopDelayDuring } from '../thread/loop-delay.ts';
import { Inspector } from './inspector.ts';

let node: ChildProcessByStdio<null, null, Readable>;
let inspector: Inspector;

beforeAll(async () => {
  node = spawn(process.execPath, ['--inspect=127.0.0.1:0', '--eval', 'setInterval(() => {}, 1000)'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  // A readline event passes the line.
  const [line] = (await once(createInterface({ input: node.stderr }), 'line')) as [string];
  inspector = await Inspector.connect(line.replace('Debugger listening on ', ''));
});

afterAll(() => {
  inspector.close();
  node.kill();
});

describe('Inspector', () => {
  it('evaluates expressions, promises too', async () => {
    expect(await inspector.evaluate('({ pid: process.pid })')).toEqual({ pid: node.pid });
    expect(await inspector.evaluate('Promise.resolve(1)')).toBe(1);
  });

  it('rejects what throws, and calls there are not', async () => {
    await expect(inspector.evaluate('null.x')).rejects.toThrow('null.x threw');
    await expect(inspector.call('Nothing.such')).rejects.toThrow('the inspector refused');
  });

  it('rejects an address where nothing answers', async () => {
    await expect(Inspector.connect('ws://127.0.0.1:1/x')).rejects.toThrow('no inspector answers');
  });
});

it('sees for how long the event loop was held', async () => {
  const hold = 'for (const end = performance.now() + 30; performance.now() < end;);';
  // A timer must be waiting when the loop is held, and the next one shows how late it is.
  const pause = 'await new Promise((resolve) => setTimeout(resolve, 5))';
  const { maxMs } = await loopDelayDuring(inspector, () => inspector.evaluate(`(async () => { ${pause}; ${hold} ${pause}; })()`));
  expect(maxMs).toBeGreaterThan(25);
});
