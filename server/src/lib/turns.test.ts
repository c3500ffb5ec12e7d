import { expect, it } from 'vitest';
import { Turns } from './turns.ts';

/** Work that ends when the test says so. */
function piece(name: string, begun: string[]) {
  const over = Promise.withResolvers<string>();
  const work = (): Promise<string> => {
    begun.push(name);
    return over.promise;
  };
  return { work, end: () => over.resolve(name), fail: () => over.reject(new Error(name)) };
}

it('runs so many pieces at once, hands a turn on when one ends or fails, and keeps the order of asking', async () => {
  const turns = new Turns(2);
  const begun: string[] = [];
  const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => piece(name, begun)) as [ReturnType<typeof piece>, ...ReturnType<typeof piece>[]];
  const [first, second, third, fourth] = [a, b!, c!, d!].map(({ work }) => turns.run(work));
  expect(begun).toEqual(['a', 'b']);
  expect(turns.waiting).toBe(2);
  b!.fail();
  await expect(second).rejects.toThrow('b');
  expect(begun).toEqual(['a', 'b', 'c']);
  a.end();
  expect(await first).toBe('a');
  expect(begun).toEqual(['a', 'b', 'c', 'd']);
  c!.end();
  d!.end();
  expect(await Promise.all([third, fourth])).toEqual(['c', 'd']);
  expect(turns.waiting).toBe(0);
  expect(await turns.run(() => Promise.resolve('free again'))).toBe('free again');
});
