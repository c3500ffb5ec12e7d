import { describe, expect, it } from 'vitest';
import { Backlog, type SlowReader } from './backlog.ts';

class Reader implements SlowReader {
  bufferedBytes = 0;
  isCut = false;
  readonly #backlog: Backlog;

  constructor(backlog: Backlog) {
    this.#backlog = backlog;
  }

  send(bytes: number): void {
    this.bufferedBytes += bytes;
    this.#backlog.note(this, this.bufferedBytes);
  }

  cut(): void {
    this.isCut = true;
    this.bufferedBytes = 0;
    // As the end of a connection does.
    this.#backlog.note(this, 0);
  }
}

function readersOf(backlog: Backlog, ...bytes: readonly number[]): Reader[] {
  return bytes.map((some) => {
    const reader = new Reader(backlog);
    reader.send(some);
    return reader;
  });
}

describe('Backlog', () => {
  it('cuts nobody up to its bound', () => {
    const backlog = new Backlog(100);
    const readers = readersOf(backlog, 30, 30, 40);
    expect(readers.map(({ isCut }) => isCut)).toEqual([false, false, false]);
    expect(backlog.bytes).toBe(100);
  });

  it('beyond it cuts those who wait the longest, until three quarters of the bound are left', () => {
    const backlog = new Backlog(100);
    const readers = readersOf(backlog, 10, 20, 30, 35, 6);
    expect(readers.map(({ isCut }) => isCut)).toEqual([true, true, false, false, false]);
    expect(backlog.bytes).toBe(71);
  });

  it('does not count the time before a reader took something', () => {
    const backlog = new Backlog(100);
    const [reading, stuck] = readersOf(backlog, 60, 30);
    reading!.bufferedBytes = 50;
    const [late] = readersOf(backlog, 20);
    expect([reading, stuck, late].map((reader) => reader!.isCut)).toEqual([false, true, false]);
    expect(backlog.bytes).toBe(70);
  });

  it('may cut the one whose bytes are too much, and counts it no longer', () => {
    const backlog = new Backlog(100);
    const [large] = readersOf(backlog, 101);
    expect(large?.isCut).toBe(true);
    expect(backlog.bytes).toBe(0);
  });

  it('first asks what was taken since, and cuts nobody for that', () => {
    const backlog = new Backlog(100);
    const [reading, other] = readersOf(backlog, 60, 30);
    reading!.bufferedBytes = 0;
    other!.send(20);
    expect([reading!.isCut, other!.isCut]).toEqual([false, false]);
    expect(backlog.bytes).toBe(50);
  });

  it('forgets whoever has taken everything', () => {
    const backlog = new Backlog(100);
    const [reader] = readersOf(backlog, 60);
    backlog.note(reader!, 0);
    backlog.note(reader!, 0);
    expect(backlog.bytes).toBe(0);
  });
});
