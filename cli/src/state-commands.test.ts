import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { command, serve } from './testing.ts';

describe('switchboard snapshot', () => {
  const saved = { name: 'two', savedAt: '2026-01-01T00:00:00.000Z', clock: { kind: 'virtual', now: '2027-01-01T00:00:00.000Z' } };

  it('saves, restores and deletes by name', async () => {
    await using server = await serve({ status: 200, body: saved });
    expect((await command('snapshot', 'save', 'two', '--data', server.folder)).out).toBe('saved two\n');
    expect((await command('snapshot', 'save', 'two', '--replace', '--data', server.folder)).code).toBe(0);
    expect((await command('snapshot', 'restore', 'two', '--data', server.folder)).out).toBe(`restored two, saved ${saved.savedAt}\n`);
    expect((await command('snapshot', 'delete', 'a/b', '--data', server.folder)).out).toBe('deleted a/b\n');
    expect(server.seen.map(({ method, url, body }) => `${method} ${url} ${body}`)).toEqual([
      'POST /admin/snapshots {"name":"two","replace":false}',
      'POST /admin/snapshots {"name":"two","replace":true}',
      'POST /admin/snapshots/two:restore ',
      'DELETE /admin/snapshots/a%2Fb ',
    ]);
  });

  it('lists them as a table, as JSON, or says that there are none', async () => {
    await using server = await serve({ status: 200, body: { value: [saved] } });
    expect((await command('snapshot', 'list', '--data', server.folder)).out).toBe(
      `NAME  SAVED                     CLOCK\ntwo   ${saved.savedAt}  ${saved.clock.now} (virtual)\n`,
    );
    expect(JSON.parse((await command('snapshot', 'list', '--json', '--data', server.folder)).out)).toEqual([saved]);
    await using empty = await serve({ status: 200, body: { value: [] } });
    expect((await command('snapshot', 'list', '--data', empty.folder)).out).toMatch(/^no snapshots; /);
  });

  it('tells why one cannot be', async () => {
    await using server = await serve({ status: 409, body: { error: { message: 'There is one.' } } });
    expect(await command('snapshot', 'save', 'two', '--data', server.folder)).toEqual({
      code: 1,
      out: '',
      err: 'switchboard: There is one.\n',
    });
  });
});

describe('switchboard clock', () => {
  it('shows the time, moves it by a span or to a time, and sets it', async () => {
    await using server = await serve({ status: 200, body: { kind: 'virtual', now: 'T' } });
    for (const args of [[], ['advance', '31d'], ['advance', '2030-01-31T12:00:00Z'], ['set', '2020-01-01T00:00:00Z']])
      expect((await command('clock', ...args, '--data', server.folder)).out).toBe('T (virtual)\n');
    expect((await command('clock', '--json', '--data', server.folder)).out).toBe('{"kind":"virtual","now":"T"}\n');
    expect(server.seen.map(({ method, url, body }) => `${method} ${url} ${body}`)).toEqual([
      'GET /admin/clock ',
      'POST /admin/clock:advance {"by":"31d"}',
      'POST /admin/clock:advance {"to":"2030-01-31T12:00:00Z"}',
      'POST /admin/clock:set {"to":"2020-01-01T00:00:00Z"}',
      'GET /admin/clock ',
    ]);
  });
});

describe('switchboard fault', () => {
  const rule = { name: 'busy', match: {}, http: { status: 503 }, state: { matched: 3, struck: 2, spent: true } };

  it('sets rules from a file, a list or a mapping, and clears them', async () => {
    await using server = await serve({ status: 200, body: { rules: [rule] } });
    for (const [name, text] of [
      ['list.yaml', '- name: busy\n  http: {status: 503}\n'],
      ['rules.json', '{"rules":[{"name":"busy","http":{"status":503}}]}'],
    ] as const) {
      const file = join(server.folder, name);
      writeFileSync(file, text);
      expect((await command('fault', 'set', file, '--data', server.folder)).out).toBe('1 fault rule is in force\n');
    }
    expect((await command('fault', 'clear', '--data', server.folder)).out).toBe('no fault rules are in force\n');
    const put = 'PUT /admin/faults/rules {"rules":[{"name":"busy","http":{"status":503}}]}';
    const asked = server.seen.map(({ method, url, body }) => `${method} ${url} ${body}`);
    expect(asked).toEqual([put, put, 'DELETE /admin/faults/rules ']);
  });

  it('lists them with what they did', async () => {
    await using server = await serve({ status: 200, body: { rules: [rule] } });
    expect((await command('fault', 'list', '--data', server.folder)).out).toBe(
      'NAME  MATCHED  STRUCK     RULE\nbusy  3        2 (spent)  {"match":{},"http":{"status":503}}\n',
    );
    expect(JSON.parse((await command('fault', 'list', '--json', '--data', server.folder)).out)).toEqual([rule]);
  });

  it.each([
    ['is not there', undefined],
    ['is no YAML', 'x: ['],
  ])('ends with 2 for a file that %s', async (_what, text) => {
    await using server = await serve({ status: 200, body: { rules: [] } });
    const file = join(server.folder, 'rules.yaml');
    if (text !== undefined) writeFileSync(file, text);
    const { code, err } = await command('fault', 'set', file, '--data', server.folder);
    expect(code).toBe(2);
    expect(err).toContain(`switchboard: ${file} cannot be read: `);
    expect(server.seen).toEqual([]);
  });
});
