import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ChatRest } from '../../lib/chat-rest.ts';
import { newUser } from '../../lib/chat-user.ts';
import { startServer } from '../../lib/server.ts';

/** Files of a folder that hold one of `marks`. */
function filesHolding(folder: string, marks: readonly string[]): string[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.map((entry) => join(entry.parentPath, entry.name)).filter((file) => marks.some((mark) => readFileSync(file).includes(mark)));
}

it('R122: nothing that users wrote is readable in any file of the data folder, running or stopped', async () => {
  const marks = ['mark-of-a-message', 'mark-of-an-edit', 'mark-of-a-topic', 'mark-of-a-name', 'mark-of-metadata'];
  await using server = await startServer({ args: ['--log-level', 'debug'] });
  const chat = new ChatRest(server.endpoint, await newUser(server));
  const created = await chat.call<{ chatThread: { id: string } }>('POST', '/chat/threads', {
    // The repeatable result of a creation is kept, too.
    headers: { 'repeatability-request-id': '7b1c7b9e-0d6b-4b7c-9a3e-2f1f6d3f9c11' },
    body: {
      topic: 'mark-of-a-topic',
      metadata: { key: 'mark-of-metadata' },
      participants: [{ communicationIdentifier: { communicationUser: { id: chat.user.id } }, displayName: 'mark-of-a-name' }],
    },
  });
  const threadId = created.body.chatThread.id;
  const messageId = await chat.send(threadId, 'mark-of-a-message', { senderDisplayName: 'mark-of-a-name' });
  const path = `/chat/threads/${encodeURIComponent(threadId)}/messages/${messageId}`;
  expect((await chat.call('PATCH', path, { body: { content: 'mark-of-an-edit' } })).status).toBe(204);

  // The search itself works: ids are not secret, and are there.
  expect(filesHolding(server.data, [threadId])).not.toEqual([]);
  expect(filesHolding(server.data, marks)).toEqual([]);
  expect(marks.filter((mark) => server.log.includes(mark))).toEqual([]);
  await server.kill();
  expect(filesHolding(server.data, marks)).toEqual([]);
});
