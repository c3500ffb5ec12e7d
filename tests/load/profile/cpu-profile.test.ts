import { describe, expect, it } from 'vitest';
import { areaOf, type CallFrame } from './areas.ts';
import { summarise } from './cpu-profile.ts';
import { flatten } from './heap-profile.ts';

function frame(functionName: string, url = '', lineNumber = 0): CallFrame {
  return { functionName, url, lineNumber };
}

const repository = 'file:///srv/switchboard';

describe('areaOf', () => {
  it('knows system calls, SQLite and the garbage collector by name', () => {
    const storage = frame('get', `${repository}/server/src/storage/sqlite/connection.ts`);
    expect(areaOf(frame('writeLatin1String'), frame('handleWriteReq', 'node:internal/stream_base_commons'))).toBe('kernel writes');
    expect(areaOf(frame('get'), storage)).toBe('sqlite');
    expect(areaOf(frame('(garbage collector)'), undefined)).toBe('garbage collection');
  });

  it('counts other native functions as work of their caller', () => {
    expect(areaOf(frame('utf8Slice'), frame('parse', `${repository}/server/src/http/json-body.ts`))).toBe('ours http');
    expect(areaOf(frame('get'), frame('lookUp', `${repository}/server/src/chat/thread-cache.ts`))).toBe('ours chat');
  });

  it('groups the rest by package and folder', () => {
    expect(areaOf(frame('route', `${repository}/node_modules/fastify/lib/route.js`), undefined)).toBe('package fastify');
    expect(areaOf(frame('x', `${repository}/node_modules/a/node_modules/@s/b/c.js`), undefined)).toBe('package @s/b');
    expect(areaOf(frame('push', `${repository}/server/src/chat/live/live-hub.ts`), undefined)).toBe('ours chat/live');
    expect(areaOf(frame('run', `${repository}/cli/src/program.ts`), undefined)).toBe('ours cli');
    expect(areaOf(frame('onFinish', 'node:_http_outgoing'), undefined)).toBe('node http');
  });
});

describe('summarise', () => {
  it('leaves idle samples out of the shares', () => {
    const push = frame('push', `${repository}/server/src/chat/live/live-hub.ts`, 9);
    const nodes = [
      { id: 1, callFrame: frame('(root)'), hitCount: 0, children: [2, 3] },
      { id: 2, callFrame: frame('(idle)'), hitCount: 50 },
      { id: 3, callFrame: push, hitCount: 30, children: [4] },
      { id: 4, callFrame: frame('utf8Write'), hitCount: 20 },
    ];
    expect(summarise({ nodes })).toEqual({
      busy: 0.5,
      areas: [{ name: 'ours chat/live', share: 1 }],
      functions: [
        { name: 'push  server/src/chat/live/live-hub.ts:10', share: 0.6 },
        { name: 'utf8Write  native, from push server/src/chat/live/live-hub.ts:10', share: 0.4 },
      ],
    });
  });

  it('adds up what one function cost in several places', () => {
    const write = frame('writev');
    const nodes = [
      { id: 1, callFrame: frame('(root)'), hitCount: 0, children: [2, 3] },
      { id: 2, callFrame: write, hitCount: 1 },
      { id: 3, callFrame: frame('(program)'), hitCount: 2, children: [4] },
      { id: 4, callFrame: write, hitCount: 1 },
    ];
    expect(summarise({ nodes }).areas).toEqual([
      { name: 'kernel writes', share: 0.5 },
      { name: 'native code outside functions', share: 0.5 },
    ]);
  });
});

it('reads a heap profile as a profile of bytes', () => {
  const leaf = { id: 3, callFrame: frame('slab'), selfSize: 25, children: [] };
  const own = { id: 2, callFrame: frame('open', `${repository}/server/src/chat/live/live-hub.ts`), selfSize: 75, children: [leaf] };
  const { areas, functions } = summarise({ nodes: flatten({ id: 1, callFrame: frame('(root)'), selfSize: 0, children: [own] }) });
  expect(areas).toEqual([{ name: 'ours chat/live', share: 1 }]);
  expect(functions.map(({ share }) => share)).toEqual([0.75, 0.25]);
});
