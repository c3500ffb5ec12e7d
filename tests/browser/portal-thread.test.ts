import { ChatClient } from '@azure/communication-chat';
import { AzureCommunicationTokenCredential } from '@azure/communication-common';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PortalWindow } from '../lib/browser-portal.ts';
import { TestBrowser } from '../lib/browser.ts';
import { ChatRest, type CreatedThreadBody, threadPath } from '../lib/chat-rest.ts';
import { type ChatUser, newUser } from '../lib/chat-user.ts';
import { connectLive } from '../lib/live-client.ts';
import { startServer, type TestServer } from '../lib/server.ts';

/** Each would set `attacked` on the page if it became markup. */
const ATTACKS = [
  '<img src=x onerror="globalThis.attacked=1">',
  '<svg onload="globalThis.attacked=1"></svg>',
  '<iframe srcdoc="<script>parent.attacked=1</script>"></iframe>',
  '<a href="javascript:globalThis.attacked=1">click</a>',
  '"><script>globalThis.attacked=1</script>',
];

const PATIENCE = { timeout: 20_000 };

describe('a thread on the chat page', () => {
  const stack = new AsyncDisposableStack();
  let server: TestServer;
  let browser: TestBrowser;
  let ann: ChatUser;
  let bob: ChatUser;
  let chat: ChatRest;
  let bobs: ChatRest;
  let threadId: string;
  let portal: PortalWindow;

  beforeAll(async () => {
    server = stack.use(await startServer());
    browser = stack.use(await TestBrowser.start(server));
  });
  afterAll(() => stack.disposeAsync());

  beforeEach(async () => {
    [ann, bob] = [await newUser(server), await newUser(server)];
    chat = new ChatRest(server.endpoint, ann);
    bobs = new ChatRest(server.endpoint, bob);
    const participants = [
      { communicationIdentifier: { communicationUser: { id: ann.id } }, displayName: 'Ann' },
      { communicationIdentifier: { communicationUser: { id: bob.id } }, displayName: 'Bob' },
    ];
    const { body } = await chat.call<CreatedThreadBody>('POST', '/chat/threads', {
      body: { topic: 'Lunch', participants, metadata: { order: '4711' } },
    });
    threadId = body.chatThread.id;
    portal = stack.use(await PortalWindow.open(browser));
    await portal.go(`${server.ready.portal}chat?thread=${encodeURIComponent(threadId)}#key=${server.ready.adminKey}`);
    await portal.part('topic-shown').getByText('Lunch').waitFor();
    return () => portal.page.close();
  });

  function message(hasText: string) {
    return portal.part('message').filter({ hasText });
  }

  it('R113: shows messages, edits, deletions, receipts and system messages as they come', async () => {
    await portal.part('system-message').getByText('Ann and Bob joined').waitFor();
    const first = await chat.send(threadId, 'A typo hree', { senderDisplayName: 'Ann' });
    await message('A typo hree').getByText('Ann').waitFor();
    await chat.call('PATCH', `${threadPath(threadId)}/messages/${first}`, { body: { content: 'A typo here' } });
    await message('A typo here').getByText('edited').waitFor();
    const second = await bobs.send(threadId, '100 % 🎉', { metadata: { channel: 'web' } });
    await message('100 % 🎉').getByText('channel: web').waitFor();
    await chat.call('POST', `${threadPath(threadId)}/readReceipts`, { body: { chatMessageId: second } });
    await message('100 % 🎉').getByTestId('readers').getByText('Read by Ann').waitFor();
    await bobs.call('DELETE', `${threadPath(threadId)}/messages/${second}`);
    await message('Message deleted').waitFor();
    expect(await message('100 %').count()).toBe(0);
    await chat.call('PATCH', threadPath(threadId), { body: { topic: 'Dinner' } });
    await portal.part('system-message').getByText('Ann named the thread “Dinner”').waitFor();
    await portal.part('topic-shown').getByText('Dinner').waitFor();
    portal.expectNoProblems();
  });

  it('sends, types and reads as any participant; the others hear of it live', async () => {
    using live = await connectLive(server.endpoint, ann);
    await portal.part('send-as').selectOption({ label: 'Bob' });
    await portal.part('message-text').pressSequentially('Hi');
    expect(await live.event(245, threadId)).toMatchObject({ senderId: bob.id, senderDisplayName: 'Bob' });
    await portal.part('message-text').press('Enter');
    expect(await live.event(200, threadId)).toMatchObject({ senderId: bob.id, messageBody: 'Hi', senderDisplayName: 'Bob' });
    await message('Hi').getByText('Bob').waitFor();
    await portal.part('mark-read').click();
    expect(await live.event(246, threadId)).toMatchObject({ senderId: bob.id });
    await message('Hi').getByTestId('readers').getByText('Read by Bob').waitFor();
    await portal.part('send-html').check();
    await portal.part('message-text').fill('<b>bold</b>');
    await portal.part('send-message').click();
    expect(await live.event(200, threadId)).toMatchObject({ messageType: 'RichText/Html' });
    await message('bold').getByText('html').waitFor();
    portal.expectNoProblems();
  });

  it('a message that is refused comes back, with the reason and a link to the request', async () => {
    const text = 'x'.repeat(40_000);
    await portal.part('message-text').fill(text);
    await portal.part('send-message').click();
    await portal.part('failure-send').getByText('limit chat.message-bytes').waitFor();
    await expect.poll(() => portal.part('message-text').inputValue(), PATIENCE).toBe(text);
    await portal.part('failure-send').getByTestId('show-request').click();
    await portal.part('limit').getByText('chat.message-bytes').waitFor();
    expect(portal.problems.splice(0).every((problem) => problem.includes('40'))).toBe(true);
  });

  it('shows who is connected, adds a participant and removes one', async () => {
    await portal.part('tab-participants').click();
    const row = (hasText: string) => portal.part('participant').filter({ hasText });
    await row('Bob').getByTestId('presence').getByText('Not connected').waitFor();
    const live = await connectLive(server.endpoint, bob);
    await row('Bob').getByTestId('presence').getByText('Connected', { exact: true }).waitFor();
    live[Symbol.dispose]();
    await row('Bob').getByTestId('presence').getByText('Seen').waitFor();

    const carol = await newUser(server);
    await portal.part('new-participant-id').fill(carol.id);
    await portal.part('new-participant-name').fill('Carol');
    await portal.part('add-participant').click();
    await row('Carol').getByText(carol.id).waitFor();
    expect(await new ChatRest(server.endpoint, carol).messages(threadId)).not.toEqual([]);
    // Without an id a new user is made.
    await portal.part('new-participant-name').fill('Dave');
    await portal.part('add-participant').click();
    await row('Dave').waitFor();
    await row('Carol').getByTestId('remove-participant').click();
    await row('Carol').waitFor({ state: 'detached' });
    expect((await new ChatRest(server.endpoint, carol).call('GET', `${threadPath(threadId)}/participants`)).status).toBe(403);
    await portal.part('new-participant-id').fill('8:acs:nobody');
    await portal.part('add-participant').click();
    await portal.part('failure-participants').waitFor();
    portal.expectNoProblems();
  });

  it('R42: retention of the messages and the policy of the thread are changed; the chat SDK shows the policy', async () => {
    await portal.part('tab-details').click();
    const details = portal.part('details');
    await details.getByText('4711').waitFor();
    const now = portal.part('retention-now-thread');
    await now.getByText('after 30 days, set by the limits').waitFor();
    await portal.part('retention-choice-thread').selectOption('days');
    await portal.part('retention-days-thread').fill('0');
    expect(await portal.part('save-retention-thread').isDisabled()).toBe(true);
    await portal.part('retention-days-thread').fill('3');
    await portal.part('save-retention-thread').click();
    await now.getByText('after 3 days, set by this thread').waitFor();
    await portal.part('retention-choice-thread').selectOption('default');
    await portal.part('save-retention-thread').click();
    await now.getByText('set by the limits').waitFor();

    const thread = new ChatClient(server.endpoint, new AzureCommunicationTokenCredential(ann.token)).getChatThreadClient(threadId);
    await portal.part('policy-kind').selectOption('threadCreationDate');
    await portal.part('policy-days').fill('29');
    expect(await portal.part('save-policy').isDisabled()).toBe(true);
    await portal.part('policy-days').fill('45');
    await portal.part('save-policy').click();
    await portal.part('policy-now').getByText('deleted 45 days after its creation').waitFor();
    expect((await thread.getProperties()).retentionPolicy).toEqual({ kind: 'threadCreationDate', deleteThreadAfterDays: 45 });
    await now.getByText('set by the policy of this thread').waitFor();
    await portal.part('policy-kind').selectOption('');
    await portal.part('save-policy').click();
    await portal.part('policy-now').getByText('stays until somebody deletes it').waitFor();
    expect((await thread.getProperties()).retentionPolicy).toBeUndefined();
    portal.expectNoProblems();
  });

  it('renames the thread in the name of its creator', async () => {
    await portal.part('rename-thread').click();
    await portal.part('topic').fill('Lunch 100 % 🎉');
    await portal.part('save-topic').click();
    await portal.part('topic-shown').getByText('Lunch 100 % 🎉', { exact: true }).waitFor();
    await portal.part('system-message').getByText('Ann named the thread “Lunch 100 % 🎉”').waitFor();
    portal.expectNoProblems();
  });

  it('markup in messages, names, topic and metadata is shown as text and never runs', async () => {
    for (const attack of ATTACKS) {
      for (const type of ['html', 'text'] as const) {
        await chat.send(threadId, `${attack} sent as ${type}`, { type, senderDisplayName: attack, metadata: { [attack]: attack } });
      }
      await chat.add(threadId, [await newUser(server)], { displayName: attack });
      await chat.call('PATCH', threadPath(threadId), { body: { topic: attack } });
      await portal.part('topic-shown').getByText(attack, { exact: true }).waitFor();
      await message(`${attack} sent as text`).waitFor();
      await portal.part('system-message').getByText(`Ann added ${attack}`).waitFor();
    }
    expect(await portal.part('message').getByText('sent as html').count()).toBe(ATTACKS.length);
    await portal.part('tab-participants').click();
    await portal
      .part('participant')
      .getByText(ATTACKS[0] ?? '', { exact: true })
      .waitFor();
    await portal.part('tab-details').click();
    await portal.part('details').waitFor();
    for (const tag of ['img', 'iframe', 'script', 'svg[onload]', 'a[href^=javascript]']) {
      expect(await portal.page.locator(`main ${tag}`).count(), tag).toBe(0);
    }
    expect(await portal.page.evaluate(() => 'attacked' in globalThis)).toBe(false);
    portal.expectNoProblems();
  });
});
