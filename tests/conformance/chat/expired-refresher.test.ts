import { ChatClient } from '@azure/communication-chat';
import { AzureCommunicationTokenCredential } from '@azure/communication-common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newUser } from '../../lib/chat-user.ts';
import { SdkLive } from '../../lib/sdk-live.ts';
import { startServer, type TestServer } from '../../lib/server.ts';

const FAILURE = 'The token returned from the tokenRefresher is expired.';

let server: TestServer;
let expired: string;

/** The server's clock goes back by an hour, so that what it issues for five minutes is over for the client. */
beforeAll(async () => {
  server = await startServer({ args: ['--clock', 'virtual'] });
  const { body: clock } = await server.admin<{ now: string }>('GET', '/admin/clock');
  await server.admin('POST', '/admin/clock:set', { to: new Date(Date.parse(clock.now) - 3_600_000).toISOString() });
  expired = (await newUser(server, { expiresInMinutes: 5 })).token;
});

afterAll(() => server.stop());

/** How many requests with a user token reached the server. */
async function chatRequests(): Promise<number> {
  const { body } = await server.admin<{ value: { path: string }[] }>('GET', '/admin/requests?limit=1000');
  return body.value.filter(({ path }) => !path.startsWith('/admin')).length;
}

describe('a refresher that returns an expired token', () => {
  it('R24: fails a call with the documented error, once, and nothing reaches the server', async () => {
    let asked = 0;
    const credential = new AzureCommunicationTokenCredential({
      tokenRefresher: () => {
        asked += 1;
        return Promise.resolve(expired);
      },
    });
    const before = await chatRequests();
    await expect(new ChatClient(server.endpoint, credential).createChatThread({ topic: 'x' }, {})).rejects.toThrow(FAILURE);
    expect(asked).toBe(1);
    expect(await chatRequests()).toBe(before);
  });

  it('R24: fails the start of live events in the same way', async () => {
    await using live = new SdkLive(server, () => expired);
    const before = await chatRequests();
    expect(await live.start(server.endpoint, {})).toContain(FAILURE);
    expect(live.asked).toBe(1);
    expect(await chatRequests()).toBe(before);
  });

  it('R24: an expired token without a refresher is a 401, not asked again', async () => {
    const before = await chatRequests();
    const chat = new ChatClient(server.endpoint, new AzureCommunicationTokenCredential(expired));
    await server.admin('POST', '/admin/clock:advance', { by: '1h' });
    await expect(chat.createChatThread({ topic: 'x' }, {})).rejects.toThrow();
    expect((await chatRequests()) - before).toBeLessThanOrEqual(1);
  });
});
