import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PortalWindow } from '../lib/browser-portal.ts';
import { TestBrowser } from '../lib/browser.ts';
import { ChatRest, threadPath } from '../lib/chat-rest.ts';
import { newUser, newUsers } from '../lib/chat-user.ts';
import { newResource } from '../lib/resources.ts';
import { startServer, type TestServer } from '../lib/server.ts';

const PATIENCE = { timeout: 20_000 };

describe('the threads of the chat page', () => {
  const stack = new AsyncDisposableStack();
  let server: TestServer;
  let browser: TestBrowser;
  let resource: string;
  let chat: ChatRest;
  let portal: PortalWindow;

  beforeAll(async () => {
    server = stack.use(await startServer());
    browser = stack.use(await TestBrowser.start(server));
  });
  afterAll(() => stack.disposeAsync());

  // A resource of its own shows each test its own threads alone.
  beforeEach(async () => {
    resource = (await newResource(server)).name;
    chat = new ChatRest(server.endpoint, await newUser(server, { resource }));
    portal = stack.use(await PortalWindow.open(browser));
    return () => portal.page.close();
  });

  async function open(query = ''): Promise<void> {
    await portal.go(`${server.ready.portal}chat?resource=${resource}${query}#key=${server.ready.adminKey}`);
  }

  function thread(hasText: string) {
    return portal.part('thread').filter({ hasText });
  }

  it('an empty server says so, makes a first thread, and shows those that come', async () => {
    await open();
    await portal.part('no-threads').getByText('No threads yet.').waitFor();
    await portal.part('new-thread').click();
    await portal.part('new-topic').fill('The first');
    await portal.part('create-thread').click();
    await portal.part('topic-shown').getByText('The first').waitFor();
    await portal.part('system-message').getByText('named the thread “The first”').waitFor();
    await thread('2 participants').waitFor();
    await chat.createThread([], 'Made elsewhere');
    await thread('Made elsewhere').waitFor();
    expect(await portal.part('thread').count()).toBe(2);
    portal.expectNoProblems();
  });

  it('a thread that cannot be made says why', async () => {
    await open();
    await portal.part('new-thread').click();
    await portal.part('new-topic').fill('Of nobody');
    await portal.part('new-participants').fill('8:acs:nobody');
    await portal.part('create-thread').click();
    await portal.part('failure-new-thread').getByText('404 NotFound').waitFor();
    await portal.part('failure-new-thread').getByTestId('show-request').waitFor();
    // The browser itself reports the 404.
    expect(portal.problems.splice(0)).toEqual([expect.stringContaining('404')]);
  });

  it('lists page by page, and searches further than what is loaded', async () => {
    for (let at = 0; at < 130; at += 10) {
      await Promise.all(Array.from({ length: 10 }, (_, no) => chat.createThread([], `Thread ${at + no}`)));
    }
    await open();
    await expect.poll(() => portal.part('thread').count(), PATIENCE).toBe(100);
    await portal.part('more-threads').click();
    await expect.poll(() => portal.part('thread').count(), PATIENCE).toBe(130);
    expect(await portal.part('more-threads').count()).toBe(0);
    await open();
    await expect.poll(() => portal.part('thread').count(), PATIENCE).toBe(100);
    await portal.part('search-threads').fill('thread 7');
    // 7 and 70 to 79; the oldest stand on the second page.
    await expect.poll(() => portal.part('thread').count(), PATIENCE).toBe(11);
    await portal.part('search-threads').fill('no such topic');
    await portal.part('no-threads').getByText('No topic and no id contains this text.').waitFor();
    portal.expectNoProblems();
  });

  it('narrows down to a user, and to an id', async () => {
    const bob = await newUser(server, { resource });
    const withBob = await chat.createThread([bob], 'With Bob');
    await chat.createThread([], 'Alone');
    await open();
    await thread('Alone').waitFor();
    await portal.part('threads-of-user').fill(bob.id);
    await portal.part('threads-of-user').press('Enter');
    await thread('Alone').waitFor({ state: 'detached' });
    await thread('With Bob').waitFor();
    await portal.page.reload();
    await thread('With Bob').waitFor();
    expect(await portal.part('thread').count()).toBe(1);
    await portal.part('threads-of-user').fill('');
    await portal.part('threads-of-user').press('Enter');
    await thread('Alone').waitFor();
    await portal.part('search-threads').fill(withBob);
    await thread('Alone').waitFor({ state: 'detached' });
    expect(await portal.part('thread').count()).toBe(1);
    portal.expectNoProblems();
  });

  it('R43: a deleted thread moves to its own list with its purge date, keeps its messages, and is purged on demand', async () => {
    const threadId = await chat.createThread([], 'An old matter');
    await chat.send(threadId, 'still there for a while');
    await open(`&thread=${encodeURIComponent(threadId)}`);
    await portal.part('delete-thread').click();
    await portal.part('confirm').click();
    const { body } = await pollDeleted();
    const purgeMs = Date.parse(body.purgeOn ?? '');
    expect(purgeMs - Date.parse(body.deletedOn ?? '')).toBe(30 * 86_400_000);
    await portal.part('deleted-bar').getByText('Everything of it is removed for good').waitFor();
    await portal.part('message').getByText('still there for a while').waitFor();
    expect(await portal.part('message-text').count()).toBe(0);
    await portal.part('no-threads').waitFor();

    await portal.part('deleted-threads').click();
    // In the words of the reader's place and time zone.
    const shown = await portal.page.evaluate((ms) => new Date(ms).toLocaleDateString([], { dateStyle: 'medium' }), purgeMs);
    await thread('An old matter').getByText(`purged ${shown}`).waitFor();
    await portal.part('purge').click();
    await portal.part('confirm').click();
    await portal.part('no-threads').getByText('No thread is deleted.').waitFor();
    await portal.part('thread-problem').waitFor();
    expect((await server.admin('GET', `/admin${threadPath(threadId)}?resource=${resource}`)).status).toBe(404);

    async function pollDeleted() {
      const ask = () => server.admin<{ deletedOn?: string; purgeOn?: string }>('GET', `/admin${threadPath(threadId)}?resource=${resource}`);
      await expect.poll(async () => (await ask()).body.deletedOn, PATIENCE).toBeDefined();
      return ask();
    }
  });

  it('keyboard: arrow keys move in the list, Enter opens, the back button returns', async () => {
    for (const topic of ['First', 'Second', 'Third']) await chat.createThread([], topic);
    await open();
    await portal.part('thread').first().focus();
    await portal.page.keyboard.press('ArrowDown');
    await portal.page.keyboard.press('Enter');
    await portal.part('topic-shown').getByText('Second').waitFor();
    await portal.page.goBack();
    await portal.part('thread-view').waitFor({ state: 'detached' });
    portal.expectNoProblems();
  });

  it('R42: the retention of a resource is changed, switched off and taken back', async () => {
    await open();
    await portal.part('resource-retention').click();
    const now = portal.part('retention-now-resource');
    await now.getByText('after 30 days, set by the limits').waitFor();
    await choose('days', '7');
    await now.getByText('after 7 days, set by the resource').waitFor();
    await choose('never');
    await now.getByText('kept without end, set by the resource').waitFor();
    const { body } = await server.admin<{ messageRetentionDays: number | null }>('GET', `/admin/resources/${resource}`);
    expect(body.messageRetentionDays).toBeNull();
    await choose('default');
    await now.getByText('after 30 days, set by the limits').waitFor();
    portal.expectNoProblems();

    async function choose(choice: string, days?: string): Promise<void> {
      await portal.part('retention-choice-resource').selectOption(choice);
      if (days !== undefined) await portal.part('retention-days-resource').fill(days);
      await portal.part('save-retention-resource').click();
    }
  });

  it('shows a thread of 250 participants and 10,000 messages without loading it whole', async () => {
    const others = (await Promise.all(Array.from({ length: 8 }, () => newUsersOf(32)))).flat().slice(0, 249);
    const threadId = await chat.createThread(others, 'A large one');
    for (let at = 0; at < 10_000; at += 250) {
      await Promise.all(Array.from({ length: 250 }, (_, no) => chat.send(threadId, `Message ${at + no}`)));
    }
    await open(`&thread=${encodeURIComponent(threadId)}`);
    await portal.part('tab-participants').filter({ hasText: 'Participants (250)' }).waitFor();
    await expect.poll(() => portal.part('message').count(), PATIENCE).toBe(50);
    await portal.part('older-messages').click();
    await expect.poll(() => portal.part('message').count(), PATIENCE).toBe(100);
    await chat.send(threadId, 'the newest');
    await portal.part('message').getByText('the newest').waitFor();
    await portal.part('tab-participants').click();
    expect(await portal.part('participant').count()).toBe(250);
    await portal.part('search-participants').fill(others[100]?.id ?? '');
    await expect.poll(() => portal.part('participant').count(), PATIENCE).toBe(1);
    portal.expectNoProblems();

    async function newUsersOf(count: number) {
      return Promise.all(Array.from({ length: count }, () => newUser(server, { resource })));
    }
  });

  it('the resource is chosen, and threads of others are not shown', async () => {
    await chat.createThread([], 'Of this resource');
    const [ann] = await newUsers(server, 1);
    if (ann === undefined) throw new Error('no user');
    await new ChatRest(server.endpoint, ann).createThread([], 'Of the default resource');
    await open();
    await thread('Of this resource').waitFor();
    expect(await thread('Of the default resource').count()).toBe(0);
    await portal.part('resource').selectOption('local');
    await thread('Of the default resource').waitFor();
    expect(await thread('Of this resource').count()).toBe(0);
    portal.expectNoProblems();
  });
});
