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

describe('switchboard fixtures', () => {
  const loaded = {
    resource: 'local',
    loadedAt: 'T',
    users: { alice: { id: '8:acs:a', accessToken: { token: 'secret', expiresOn: 'T' } } },
    threads: { lunch: { id: '19:l', messages: ['1', '2'] } },
  };
  const shown = `        HANDLE  ID       MESSAGES\nuser    alice   8:acs:a\nthread  lunch   19:l     2\n`;

  it('loads a file by itself or the section of a settings file, and shows ids but no tokens', async () => {
    await using server = await serve({ status: 201, body: loaded });
    const users = { users: [{ handle: 'alice' }] };
    for (const content of [users, { clock: 'virtual', fixtures: users }]) {
      const file = join(server.folder, 'fixtures.json');
      writeFileSync(file, JSON.stringify(content));
      expect(await command('fixtures', 'load', file, '--data', server.folder)).toEqual({ code: 0, out: shown, err: '' });
    }
    const file = join(server.folder, 'fixtures.yaml');
    writeFileSync(file, 'users: [{ handle: alice }]');
    const { out } = await command('fixtures', 'load', file, '--resource', 'other', '--json', '--data', server.folder);
    expect(JSON.parse(out)).toEqual(loaded);
    expect(server.seen.map(({ method, url, body }) => `${method} ${url} ${body}`)).toEqual([
      `POST /admin/fixtures ${JSON.stringify(users)}`,
      `POST /admin/fixtures ${JSON.stringify(users)}`,
      `POST /admin/fixtures ${JSON.stringify({ ...users, resource: 'other' })}`,
    ]);
  });

  it('lists what was loaded last, or says that nothing was', async () => {
    await using server = await serve({ status: 200, body: loaded });
    expect((await command('fixtures', 'list', '--data', server.folder)).out).toBe(shown);
    await using bare = await serve({ status: 200, body: { users: {}, threads: {} } });
    expect((await command('fixtures', 'list', '--data', bare.folder)).out).toMatch(/^no fixtures were loaded; /);
  });

  it('says what is wrong with a file, and with a missing one', async () => {
    await using server = await serve({ status: 400, body: { error: { message: 'users[0].handle: "-" is no handle.' } } });
    const file = join(server.folder, 'fixtures.yaml');
    writeFileSync(file, 'users: [{ handle: "-" }]');
    expect(await command('fixtures', 'load', file, '--data', server.folder)).toMatchObject({
      code: 1,
      err: 'switchboard: users[0].handle: "-" is no handle.\n',
    });
    expect((await command('fixtures', 'load', 'nowhere.yaml', '--data', server.folder)).code).toBe(2);
  });
});

describe('switchboard inbox wait', () => {
  const message = {
    chatThreadId: '19:l',
    createdOn: 'T2',
    senderCommunicationIdentifier: { rawId: '8:acs:a' },
    content: { message: 'code \u001b[1m1' },
  };
  const earlier = { chatThreadId: '19:l', createdOn: 'T1', content: {} };

  it('asks for what was named, and shows messages in their order and unable to steer a terminal', async () => {
    await using server = await serve({ status: 200, body: { value: [message, earlier] } });
    const args = [
      '--match',
      'code',
      '--recipient',
      '8:acs:b',
      '--thread',
      '19:l',
      '--count',
      '2',
      '--timeout',
      '5s',
      '--resource',
      'other',
    ];
    expect(await command('inbox', 'wait', ...args, '--data', server.folder)).toEqual({
      code: 0,
      out: 'T1  -  ""\nT2  8:acs:a  "code \\u001b[1m1"\n',
      err: '',
    });
    expect(server.seen.map(({ url }) => Object.fromEntries(new URL(url, server.endpoint).searchParams))).toEqual([
      { match: 'code', recipient: '8:acs:b', threadId: '19:l', count: '2', wait: '5s', resource: 'other' },
    ]);
  });

  it('ends with 1 when too few came', async () => {
    await using server = await serve({ status: 200, body: { value: [message] } });
    const { code, err } = await command('inbox', 'wait', '--count', '2', '--data', server.folder);
    expect({ code, err }).toEqual({ code: 1, err: 'switchboard: 1 of 2 came within 10s\n' });
  });

  it('knows handles of the fixtures loaded last', async () => {
    await using server = await serve({
      status: 200,
      body: { value: [message], users: { bob: { id: '8:acs:b' } }, threads: { lunch: { id: '19:l' } } },
    });
    const { code } = await command('inbox', 'wait', '--recipient', 'bob', '--sender', 'bob', '--thread', 'lunch', '--data', server.folder);
    expect(code).toBe(0);
    expect(server.seen[0]?.url).toBe('/admin/fixtures');
    expect(Object.fromEntries(new URL(server.seen[1]!.url, server.endpoint).searchParams)).toMatchObject({
      recipient: '8:acs:b',
      sender: '8:acs:b',
      threadId: '19:l',
    });
    expect((await command('inbox', 'wait', '--sender', 'toString', '--data', server.folder)).err).toContain(
      'no "toString" in the fixtures',
    );
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
