import { ChatClient } from '@azure/communication-chat';
import { AzureCommunicationTokenCredential } from '@azure/communication-common';
import { describe, expect, it } from 'vitest';
import { connectLatest } from '../../lib/identity-clients.ts';
import { startServer, type TestServer } from '../../lib/server.ts';

const MINUTE_MS = 60_000;
/** The SDK's early-refresh margin. */
const MARGIN_MS = 10 * MINUTE_MS;

describe('a credential with a refresher', () => {
  it('R23: asks for a new token ten minutes before the expiry, and goes on past it', async () => {
    await using server = await startServer({ args: ['--clock', 'virtual'] });
    const client = connectLatest(server.connectionString);
    // The SDK's timer follows real time: a token whose last ten minutes begin in two seconds makes it act soon.
    await setClock(server, Date.now() + MARGIN_MS + 2_000 - 15 * MINUTE_MS);
    const { user, token, expiresOn } = await client.createUserAndToken(['chat'], { tokenExpiresInMinutes: 15 });
    const asked = Promise.withResolvers<number>();
    const credential = new AzureCommunicationTokenCredential({
      token,
      refreshProactively: true,
      tokenRefresher: async () => {
        const fresh = await client.getToken(user, ['chat']);
        asked.resolve(Date.now());
        return fresh.token;
      },
    });
    await new ChatClient(server.endpoint, credential).createChatThread({ topic: 'Before' });
    const earlyMs = expiresOn.getTime() - (await asked.promise);
    expect(Math.abs(earlyMs - MARGIN_MS)).toBeLessThan(MINUTE_MS / 2);
    await setClock(server, expiresOn.getTime() + MINUTE_MS);
    // A client of its own: the first one's pipeline keeps the old token for as long as real time calls it fresh.
    const { chatThread } = await new ChatClient(server.endpoint, credential).createChatThread({ topic: 'After' });
    expect(chatThread?.topic).toBe('After');
    credential.dispose();
  });

  it('R24: fails cleanly when the refresher gives an expired token, and asks it once', async () => {
    await using server = await startServer({ args: ['--clock', 'virtual'] });
    await setClock(server, Date.UTC(2020, 0));
    const { token } = await connectLatest(server.connectionString).createUserAndToken(['chat']);
    let asked = 0;
    const credential = new AzureCommunicationTokenCredential({
      tokenRefresher: () => {
        asked += 1;
        return Promise.resolve(token);
      },
    });
    await expect(new ChatClient(server.endpoint, credential).createChatThread({ topic: 'Late' })).rejects.toThrow(/expired/);
    expect(asked).toBe(1);
    const { body } = await server.admin<{ value: readonly object[] }>('GET', '/admin/requests?refused=true');
    expect(body.value).toEqual([]);
    credential.dispose();
  });
});

async function setClock(server: TestServer, ms: number): Promise<void> {
  expect((await server.admin('POST', '/admin/clock:set', { to: new Date(ms).toISOString() })).status).toBe(200);
}
