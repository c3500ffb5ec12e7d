import { ChatClient } from '@azure/communication-chat';
import { AzureCommunicationTokenCredential } from '@azure/communication-common';
import { CommunicationIdentityClient } from '@azure/communication-identity';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PortalWindow } from '../lib/browser-portal.ts';
import { TcpProxy } from '../lib/browser-tcp-proxy.ts';
import { TestBrowser } from '../lib/browser.ts';
import { startServer, type TestServer } from '../lib/server.ts';

/** Each would set `attacked` on the page if it became markup. */
const ATTACKS = [
  '<img src=x onerror="globalThis.attacked=1">',
  '<svg onload="globalThis.attacked=1"></svg>',
  '<iframe srcdoc="<script>parent.attacked=1</script>"></iframe>',
  '<a href="javascript:globalThis.attacked=1">click</a>',
  '"><script>globalThis.attacked=1</script>',
];

describe('the page that tries chat', () => {
  const stack = new AsyncDisposableStack();
  let server: TestServer;
  let browser: TestBrowser;
  let portal: PortalWindow;

  beforeAll(async () => {
    server = stack.use(await startServer());
    browser = stack.use(await TestBrowser.start(server));
  });
  afterAll(() => stack.disposeAsync());

  beforeEach(async () => {
    portal = stack.use(await PortalWindow.open(browser));
    await portal.go(`${server.endpoint}portal/try/chat#key=${server.ready.adminKey}`);
    await portal.part('start-chat').click();
    await portal.live();
    return () => portal.page.close();
  });

  it('R142 R35: two users exchange messages live, edit and delete them, and clean up: all seven steps', async () => {
    await portal.say('alice', 'Hi Bob');
    await portal.say('bob', '100 % 🎉');
    await portal.say('alice', 'A typo hree');
    await portal.change('alice', 'A typo hree', 'edit-message');
    await portal.part('message-editor').fill('A typo here');
    await portal.part('save-message').click();
    await portal.message('bob', 'A typo here').getByText('edited').waitFor();
    await portal.change('alice', 'Hi Bob', 'delete-message');
    await portal.message('bob', 'Message deleted').waitFor();
    expect(await portal.message('bob', 'Hi Bob').count()).toBe(0);
    // Everybody may change own messages only.
    expect(await portal.message('bob', 'A typo here').getByTestId('message-menu').count()).toBe(0);

    await portal.part('delete-thread').click();
    for (const who of ['alice', 'bob']) await portal.part(`pane-${who}`).getByText('This thread was deleted.').waitFor();
    expect(await portal.part('steps').locator('[data-done=true]').count()).toBe(7);
    expect(await portal.part('composer-bob').isDisabled()).toBe(true);
    portal.expectNoProblems();
  });

  it('R142 R36: shows that the other one is typing', async () => {
    await portal.part('composer-bob').pressSequentially('I am typ');
    await portal.part('typing-alice').getByText('Bob is typing…').waitFor();
    expect(await portal.part('typing-bob').innerText()).toBe('');
    portal.expectNoProblems();
  });

  it('R142 R31: renames the thread, removes a participant and adds it again, live on both sides', async () => {
    await portal.changeThread('bob', 'rename-thread');
    await portal.part('topic').fill('Lunch 100 % 🎉');
    await portal.part('save-topic').click();
    for (const who of ['alice', 'bob'] as const) {
      await portal.part(`topic-${who}`).getByText('Lunch 100 % 🎉', { exact: true }).waitFor();
      await portal.part(`messages-${who}`).getByText('Bob named the thread “Lunch 100 % 🎉”').waitFor();
    }

    await portal.changeThread('alice', 'remove-participant');
    await portal.part('pane-bob').getByText('Removed from the thread').waitFor();
    await portal.part('messages-bob').getByText('Alice removed Bob').waitFor();
    expect(await portal.part('composer-bob').isDisabled()).toBe(true);

    await portal.changeThread('alice', 'add-participant');
    for (const who of ['alice', 'bob']) await portal.part(`messages-${who}`).getByText('Alice added Bob').waitFor();
    await portal.say('bob', 'Back again');
    portal.expectNoProblems();
  });

  it('R142: an open menu leaves the rest of the page in sight', async () => {
    await portal.part('thread-menu-alice').click();
    await portal.part('rename-thread').waitFor();
    // A trial click fails on what is covered by something else.
    for (const part of ['new-thread', 'composer-alice', 'composer-bob']) await portal.part(part).click({ trial: true, timeout: 10_000 });
    portal.expectNoProblems();
  });

  it('R142: logs every event of both users with its payload', async () => {
    await portal.say('alice', 'Hi Bob');
    const log = portal.part('event-log');
    for (const name of ['realTimeNotificationConnected', 'chatThreadCreated', 'chatMessageReceived']) {
      for (const who of ['alice', 'bob']) expect(await log.locator(`[data-who=${who}][data-name=${name}]`).count()).toBe(1);
    }
    const entry = log.locator('[data-who=bob][data-name=chatMessageReceived]');
    await entry.locator('summary').click();
    await entry.locator('pre').getByText('"message": "Hi Bob"').waitFor();
    portal.expectNoProblems();
  });

  it('R142: a reload keeps users, thread and history; a new thread starts empty', async () => {
    await portal.say('alice', 'Hi Bob');
    const bobsId = await portal.part('user-id-bob').innerText();
    await portal.page.reload();
    await portal.live();
    await portal.message('bob', 'Hi Bob').waitFor();
    expect(await portal.part('user-id-bob').innerText()).toBe(bobsId);
    await portal.part('new-thread').click();
    await portal.message('bob', 'Hi Bob').waitFor({ state: 'detached' });
    await portal.say('bob', 'Hi again');
    portal.expectNoProblems();
  });

  it('R142 R37: a lost connection is shown, and mended without a reload', async () => {
    await using proxy = await TcpProxy.start(Number(new URL(server.endpoint).port));
    await portal.go(`https://localhost:${proxy.port}/portal/try/chat#key=${server.ready.adminKey}`);
    await portal.part('start-chat').click();
    await portal.live();
    await portal.say('alice', 'before');
    proxy.cut();
    const log = portal.part('event-log');
    for (const who of ['alice', 'bob']) {
      await log.locator(`[data-who=${who}][data-name=realTimeNotificationDisconnected]`).waitFor();
      await log.locator(`[data-who=${who}][data-name=realTimeNotificationConnected]`).nth(1).waitFor();
    }
    await portal.live();
    await portal.say('bob', 'after');
    // The browser itself reports what was cut.
    expect(portal.problems.filter((problem) => !/ERR_CONNECTION_(?:RESET|CLOSED)/.test(problem))).toEqual([]);
  });

  it('R142: markup in messages, names and the topic is shown as text and never runs', async () => {
    const { token, threadId } = await savedAlice();
    const thread = new ChatClient(server.endpoint, new AzureCommunicationTokenCredential(token)).getChatThreadClient(threadId);
    for (const attack of ATTACKS) {
      for (const type of ['html', 'text'] as const) {
        await thread.sendMessage({ content: `${attack} sent as ${type}` }, { type, senderDisplayName: attack });
      }
      const { user } = await new CommunicationIdentityClient(server.connectionString).createUserAndToken(['chat']);
      await thread.addParticipants({ participants: [{ id: user, displayName: attack }] });
      await thread.updateProperties({ topic: attack });
      for (const who of ['alice', 'bob'] as const) {
        await portal.part(`topic-${who}`).getByText(attack, { exact: true }).waitFor();
        await portal.message(who, `${attack} sent as text`).waitFor();
        await portal.part(`messages-${who}`).getByText(`Alice added ${attack}`).waitFor();
      }
    }
    expect(await portal.part('messages-bob').getByText('sent as html').count()).toBe(ATTACKS.length);
    for (const tag of ['img', 'iframe', 'script', 'a']) expect(await portal.page.locator(`main ${tag}`).count()).toBe(0);
    expect(await portal.page.evaluate(() => 'attacked' in globalThis)).toBe(false);
    portal.expectNoProblems();
  });

  /** What the page keeps to survive a reload. */
  async function savedAlice(): Promise<{ readonly token: string; readonly threadId: string }> {
    const text = await portal.page.evaluate(() =>
      (globalThis as unknown as { sessionStorage: { getItem(name: string): string } }).sessionStorage.getItem('switchboard.tryChat'),
    );
    const saved = JSON.parse(text) as { readonly alice: { readonly token: string }; readonly threadId: string };
    return { token: saved.alice.token, threadId: saved.threadId };
  }
});
