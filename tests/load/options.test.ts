import { describe, expect, it } from 'vitest';
import { selects } from './options.ts';

describe('selects', () => {
  it('takes a whole name, or whole words at either end', () => {
    const chosen = (shape: string): string[] => ['push-only-dense', 'stock-dense', 'idle-2000'].filter((name) => selects({ shape }, name));
    expect(chosen('stock-dense')).toEqual(['stock-dense']);
    expect(chosen('dense')).toEqual(['push-only-dense', 'stock-dense']);
    expect(chosen('push-only')).toEqual(['push-only-dense']);
    expect(chosen('idle')).toEqual(['idle-2000']);
    expect(chosen('push')).toEqual(['push-only-dense']);
    expect(chosen('den')).toEqual([]);
  });

  it('takes everything when nothing is asked for', () => {
    expect(selects({ shape: undefined }, 'idle-2000')).toBe(true);
  });
});
