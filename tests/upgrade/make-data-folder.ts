import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ChatClient } from '@azure/communication-chat';
import { AzureCommunicationTokenCredential } from '@azure/communication-common';
import { CommunicationIdentityClient } from '@azure/communication-identity';
import { startServer } from '../lib/server.ts';
import type { Expected } from './expected.ts';

// Keeps a data folder of the present version: node --conditions=source tests/upgrade/make-data-folder.ts
const data = mkdtempSync(join(tmpdir(), 'switchboard-upgrade-'));
const server = await startServer({ data });
const identities = new CommunicationIdentityClient(server.connectionString);
const alice = await identities.createUserAndToken(['chat']);
const bob = await identities.createUserAndToken(['chat']);
const chat = new ChatClient(server.endpoint, new AzureCommunicationTokenCredential(alice.token));
const { chatThread } = await chat.createChatThread(
  { topic: 'Kept across versions' },
  {
    participants: [
      { id: alice.user, displayName: 'Alice' },
      { id: bob.user, displayName: 'Bob' },
    ],
  },
);
const threadId = chatThread?.id ?? '';
const thread = chat.getChatThreadClient(threadId);
const texts = Array.from({ length: 20 }, (_, i) => `Message ${i + 1} — grüße 🎉`);
for (const content of texts) await thread.sendMessage({ content }, { senderDisplayName: 'Alice' });
const { body: other } = await server.admin<{ readonly name: string; readonly primaryKey: string }>('POST', '/admin/resources', {
  name: 'second',
});
await server.stop();

const target = fileURLToPath(new URL(`${server.ready.version}/`, import.meta.url));
rmSync(target, { recursive: true, force: true });
for (const file of ['switchboard.db', 'master.key', 'admin.key']) cpSync(join(data, file), join(target, 'data', file));
const expected: Expected = {
  alice: alice.user.communicationUserId,
  bob: bob.user.communicationUserId,
  threadId,
  topic: 'Kept across versions',
  texts,
  secondResourceKey: other.primaryKey,
};
writeFileSync(join(target, 'expected.json'), `${JSON.stringify(expected, null, 2)}\n`);
rmSync(data, { recursive: true, force: true });
