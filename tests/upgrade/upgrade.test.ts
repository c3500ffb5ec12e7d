import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ChatClient } from '@azure/communication-chat';
import { AzureCommunicationTokenCredential } from '@azure/communication-common';
import { CommunicationIdentityClient } from '@azure/communication-identity';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startServer } from '../lib/server.ts';
import type { Expected } from './expected.ts';

const here = fileURLToPath(new URL('.', import.meta.url));
const versions = readdirSync(here, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);

it('at least one released state is kept', () => {
  expect(versions.length).toBeGreaterThan(0);
});

describe.each(versions)('a data folder of version %s', (version) => {
  let data = '';
  const expected = JSON.parse(readFileSync(join(here, version, 'expected.json'), 'utf8')) as Expected;

  beforeEach(() => {
    data = mkdtempSync(join(tmpdir(), 'switchboard-upgrade-'));
    cpSync(join(here, version, 'data'), data, { recursive: true });
  });
  afterEach(() => rmSync(data, { recursive: true, force: true }));

  it('R47: opens with its users, keys, threads and messages, and goes on from there', async () => {
    await using server = await startServer({ data });
    const identities = new CommunicationIdentityClient(server.connectionString);
    const { token } = await identities.getToken({ communicationUserId: expected.alice }, ['chat']);
    const chat = new ChatClient(server.endpoint, new AzureCommunicationTokenCredential(token));
    const thread = chat.getChatThreadClient(expected.threadId);
    expect((await thread.getProperties()).topic).toBe(expected.topic);
    await thread.sendMessage({ content: 'written by a newer version' });

    const messages = [];
    for await (const message of thread.listMessages()) if (message.type === 'text') messages.push(message);
    expect(messages.map((message) => message.content?.message).reverse()).toEqual([...expected.texts, 'written by a newer version']);
    expect(messages.map((message) => Number(message.sequenceId)).reverse()).toEqual(
      Array.from({ length: expected.texts.length + 1 }, (_, i) => i + 3),
    );
    const second = await server.admin<{ readonly primaryKey: string }>('GET', '/admin/resources/second');
    expect(second.body.primaryKey).toBe(expected.secondResourceKey);
  });
});
