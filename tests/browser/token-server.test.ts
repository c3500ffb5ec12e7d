import { ChatClient } from '@azure/communication-chat';
import { AzureCommunicationTokenCredential } from '@azure/communication-common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestBrowser } from '../lib/browser.ts';
import { decodeJwt } from '../lib/jwt.ts';
import { startServer, type TestServer } from '../lib/server.ts';
import { TokenServer } from '../lib/token-server.ts';

describe('the token server of the examples', () => {
  const stack = new AsyncDisposableStack();
  let server: TestServer;
  let tokens: TokenServer;

  beforeAll(async () => {
    server = stack.use(await startServer());
    tokens = stack.use(await TokenServer.start(server));
  });
  afterAll(() => stack.disposeAsync());

  it('R29: gives a page a user, and the SDK’s refresher fresh tokens of the same user', async () => {
    const { status, body, cookie, attributes } = await tokens.post('/session');
    expect(status).toBe(200);
    expect(body).toMatchObject({ endpoint: server.endpoint, userId: expect.stringMatching(/^8:acs:/) as string });
    expect(attributes).toContain('HttpOnly; SameSite=Strict');

    const issued: string[] = [];
    const tokenRefresher = async (): Promise<string> => {
      const { token } = (await tokens.post('/token', cookie)).body;
      issued.push(token!);
      return token!;
    };
    const credential = new AzureCommunicationTokenCredential({ tokenRefresher });
    const chat = new ChatClient(body.endpoint!, credential);
    const { chatThread } = await chat.createChatThread({ topic: 'Lunch' });
    expect(chatThread?.createdBy).toMatchObject({ communicationUserId: body.userId });
    expect(issued).toHaveLength(1);
    expect(decodeJwt(issued[0]!).claims).toMatchObject({ acsScope: 'chat' });
    expect(decodeJwt(issued[0]!).claims['skypeid']).toBe(decodeJwt(body.token!).claims['skypeid']);
  });

  it('R29: gives every session a user of its own', async () => {
    const [one, other] = [await tokens.post('/session'), await tokens.post('/session')];
    expect(one.body.userId).not.toBe(other.body.userId);
  });

  it.each(['', 'session=abc', 'session=OGFjcw.AAAA', 'session='])('R29: issues nothing for the cookie «%s»', async (cookie) => {
    expect(await tokens.post('/token', cookie)).toMatchObject({ status: 401, body: { error: 'Sign in first: POST /session.' } });
  });

  it('R29: issues nothing for another user’s name under one’s own signature', async () => {
    const [one, other] = [await tokens.post('/session'), await tokens.post('/session')];
    const forged = `${one.cookie.split('.')[0]!}.${other.cookie.split('.')[1]!}`;
    expect((await tokens.post('/token', forged)).status).toBe(401);
  });

  it('R29 R26: tells nobody the access key', async () => {
    const key = /accesskey=(.*)$/.exec(server.connectionString)![1]!;
    const answers = [await tokens.post('/session'), await tokens.post('/token'), await tokens.post('/elsewhere')];
    expect(JSON.stringify(answers)).not.toContain(key);
    expect(await (await fetch(tokens.address)).text()).not.toContain(key);
  });

  it('R29: says what is wrong when the server is gone', async () => {
    await using gone = await startServer();
    await using orphan = await TokenServer.start(gone);
    await gone.stop();
    expect(await orphan.post('/session')).toMatchObject({
      status: 502,
      body: { error: expect.stringContaining('Does it run?') as string },
    });
  });

  it('R29: its page chats in a browser', async () => {
    await using browser = await TestBrowser.start(server);
    const context = await browser.context();
    const page = await context.newPage();
    await page.goto(tokens.address);
    await page.getByText('The chat answers 200.').waitFor();
  });
});
