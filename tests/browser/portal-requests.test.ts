import { CommunicationIdentityClient } from '@azure/communication-identity';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PortalWindow } from '../lib/browser-portal.ts';
import { TestBrowser } from '../lib/browser.ts';
import { ChatRest, threadPath } from '../lib/chat-rest.ts';
import { newUser } from '../lib/chat-user.ts';
import { startServer, type TestServer } from '../lib/server.ts';

const PATIENCE = { timeout: 20_000 };

describe('the page of requests', () => {
  const stack = new AsyncDisposableStack();
  let server: TestServer;
  let browser: TestBrowser;
  let chat: ChatRest;
  let threadId: string;
  let portal: PortalWindow;

  beforeAll(async () => {
    server = stack.use(await startServer({ args: ['--clock', 'virtual', '--revocation-delay', '0s'] }));
    browser = stack.use(await TestBrowser.start(server));
  });
  afterAll(() => stack.disposeAsync());

  beforeEach(async () => {
    chat = new ChatRest(server.endpoint, await newUser(server));
    threadId = await chat.createThread();
    portal = stack.use(await PortalWindow.open(browser));
    return () => portal.page.close();
  });

  async function open(query = ''): Promise<void> {
    await portal.go(`${server.ready.portal}requests${query}#key=${server.ready.adminKey}`);
    await portal.part('live-state').getByText('Live').waitFor();
  }

  /** Rows of this test's user, whose text holds all of these. */
  function rows(...texts: readonly string[]) {
    return texts.reduce((found, hasText) => found.filter({ hasText }), portal.part('request'));
  }

  it('R113: shows requests as they come, holds still while paused, and catches up', async () => {
    await open(`?caller=${chat.user.id}`);
    await rows('POST', '201', '/chat/threads').waitFor();
    await chat.send(threadId, 'one');
    await rows('POST', '/messages').waitFor();
    await portal.part('pause').click();
    await portal.part('live-state').getByText('Paused').waitFor();
    await chat.messages(threadId);
    await portal.part('pause').click();
    await rows('GET', '200', '/messages').waitFor();
    // The newest stands first, and none stands twice.
    expect((await portal.part('request').allInnerTexts()).map((text) => /GET|POST/.exec(text)?.[0])).toEqual(['GET', 'POST', 'POST']);
    portal.expectNoProblems();
  });

  it('R113: filters, keeps them in the address, and shows them again after a reload', async () => {
    await chat.send(threadId, 'hello');
    await chat.call('GET', '/chat/threads/unknown');
    await open();
    await portal.part('filter-caller').fill(chat.user.id);
    await portal.part('filter-status').selectOption('refused');
    await expect.poll(() => new URL(portal.page.url()).searchParams.get('caller'), PATIENCE).toBe(chat.user.id);
    await expect.poll(() => rows().count(), PATIENCE).toBe(1);
    await rows('404', '/chat/threads/unknown').waitFor();
    await portal.page.reload();
    await rows('404', '/chat/threads/unknown').waitFor();
    expect(await rows().count()).toBe(1);
    await portal.part('filter-status').selectOption('');
    await portal.part('filter-operation').selectOption('ChatThread_SendChatMessage');
    await rows('POST', '201', '/messages').waitFor();
    await expect.poll(() => rows().count(), PATIENCE).toBe(1);
    await portal.part('clear-filters').click();
    await rows('404').first().waitFor();
    expect(portal.page.url()).toBe(`${server.ready.portal}requests`);
    portal.expectNoProblems();
  });

  it('R113: a list that matches nothing says so, and fills', async () => {
    await open(`?caller=${chat.user.id}&method=DELETE`);
    await portal.part('no-requests').waitFor();
    await chat.call('DELETE', threadPath(threadId));
    await rows('DELETE', '204').waitFor();
    portal.expectNoProblems();
  });

  it('tells why a request was refused, the cure, the limit and the preset', async () => {
    const { headers } = await chat.call('POST', '/chat/threads', { body: { topic: 'x'.repeat(1_000) } });
    await open();
    await portal.page.locator(`[data-request-id="${headers.get('x-ms-request-id') ?? ''}"]`).click();
    const refusal = portal.part('refusal');
    await refusal.getByText('topic is 1000 characters').waitFor();
    await refusal.getByText('Stay within the limit').waitFor();
    await refusal.getByText(`switchboard why ${headers.get('x-ms-request-id') ?? ''}`).waitFor();
    await portal
      .part('limit')
      .getByText('chat.topic-characters: 250 characters under the preset handbook (handbook: 250, azure: 250)')
      .waitFor();
    portal.expectNoProblems();
  });

  it('shows headers and bodies, pretty, as text, and without credentials', async () => {
    const attack = '<img src=x onerror="globalThis.attacked=1">';
    const { headers } = await chat.call('POST', `${threadPath(threadId)}/messages`, {
      body: { content: attack, metadata: { accessToken: chat.user.token } },
      headers: { 'x-strange': attack },
    });
    await open(`?id=${headers.get('x-ms-request-id') ?? ''}`);
    const shown = portal.part('traffic-request');
    await shown.getByText(`"content": ${JSON.stringify(attack)}`).waitFor();
    await shown.getByText('"accessToken": "•••"').waitFor();
    await shown.getByText('Bearer •••').waitFor();
    await shown.getByText(attack, { exact: true }).waitFor();
    await portal.page.getByRole('tab', { name: 'Answer' }).click();
    await portal
      .part('traffic-response')
      .getByText(/"id": "\d+"/)
      .waitFor();
    expect(await portal.page.content()).not.toContain(chat.user.token);
    expect(await portal.page.locator('main img').count()).toBe(0);
    expect(await portal.page.evaluate(() => 'attacked' in globalThis)).toBe(false);
    portal.expectNoProblems();
  });

  it('copies a request as a command that has variables for credentials', async () => {
    const { headers } = await chat.call('GET', '/chat/threads');
    await open(`?id=${headers.get('x-ms-request-id') ?? ''}`);
    await portal.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await portal.part('copy-command').getByRole('button', { name: 'Copy as curl' }).click();
    const copied = await portal.page.evaluate(() =>
      (globalThis as unknown as { navigator: { clipboard: { readText(): Promise<string> } } }).navigator.clipboard.readText(),
    );
    expect(copied).toContain(`curl -X GET '${server.endpoint}chat/threads?api-version=2025-03-15'`);
    expect(copied).toContain(`-H "Authorization: Bearer $TOKEN"`);
    expect(copied).not.toContain(chat.user.token);
    portal.expectNoProblems();
  });

  it('keyboard: one tab stop for the list, arrow keys within, Enter opens, the back button closes', async () => {
    await chat.send(threadId, 'one');
    await open(`?caller=${chat.user.id}`);
    await rows('/messages').waitFor();
    await rows().first().focus();
    await portal.page.keyboard.press('ArrowDown');
    await portal.page.keyboard.press('Enter');
    await portal.part('request-detail').getByText('Chat_CreateChatThread').waitFor();
    await portal.page.goBack();
    await portal.part('request-detail').waitFor({ state: 'detached' });
    expect(await rows().count()).toBe(2);
    portal.expectNoProblems();
  });

  it('R29: warns when one token is used past its life', async () => {
    const user = await newUser(server, { expiresInMinutes: 5 });
    await server.admin('POST', '/admin/clock:advance', { by: 'PT6M' });
    await open();
    const hint = portal.part('token-hint').filter({ hasText: user.id });
    const stale = new ChatRest(server.endpoint, user);
    for (let i = 0; i < 2; i++) await stale.call('GET', '/chat/threads');
    await rows('401').nth(1).waitFor();
    // A client that renews its token meets as much.
    expect(await hint.count()).toBe(0);
    await stale.call('GET', '/chat/threads');
    await hint.getByText(/The access token expired at .* It was refused 3 times since/).waitFor();
    await hint.getByText('Renew it with a tokenRefresher').waitFor();
    await hint.getByRole('link').click();
    await expect.poll(() => rows().count(), PATIENCE).toBe(3);
    portal.expectNoProblems();
  });

  it('names the fault rule that struck, and how to be rid of it', async () => {
    const rule = { name: 'no-lists', match: { user: chat.user.id, operation: 'Chat_ListChatThreads' }, http: { status: 503 } };
    await server.admin('PUT', '/admin/faults/rules', { rules: [rule] });
    await chat.call('GET', '/chat/threads');
    await server.admin('DELETE', '/admin/faults/rules');
    await open(`?caller=${chat.user.id}&status=5xx`);
    await rows('503').getByLabel('Fault rule no-lists').waitFor();
    await rows('503').click();
    await portal.part('refusal').getByText('The fault rule "no-lists"').waitFor();
    await portal.part('refusal').getByText('DELETE /admin/faults/rules').waitFor();
    portal.expectNoProblems();
  });

  it('a failure in Try chat leads to its request', async () => {
    await portal.go(`${server.endpoint}portal/try/chat#key=${server.ready.adminKey}`);
    await portal.part('start-chat').click();
    await portal.live();
    const id = await portal.part('user-id-alice').innerText();
    await new CommunicationIdentityClient(server.connectionString).revokeTokens({ communicationUserId: id });
    await portal.part('composer-alice').fill('too late');
    await portal.part('send-alice').click();
    await portal.part('failure-alice').getByTestId('show-request').click();
    await portal.part('refusal').getByText('The access token was revoked.').waitFor();
    await portal.part('request-detail').getByText(id).waitFor();
  });
});
