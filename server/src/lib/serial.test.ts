import { describe, expect, it } from 'vitest';
import { Serial } from './serial.ts';

describe('serial work', () => {
  it('runs one after the other, in the order in which it came, also after a failure', async () => {
    const serial = new Serial();
    const events: string[] = [];
    const work = (name: string, fault?: Error) => async () => {
      events.push(`${name} begins`);
      await Promise.resolve();
      events.push(`${name} ends`);
      if (fault !== undefined) throw fault;
      return name;
    };
    const results = await Promise.allSettled([serial.run(work('a')), serial.run(work('b', new Error('of b'))), serial.run(work('c'))]);
    expect(events).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(results[2]).toMatchObject({ value: 'c' });
  });
});
