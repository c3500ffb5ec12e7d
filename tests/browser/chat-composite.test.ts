import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CompositePage, type CompositePane } from '../lib/browser-composite-page.ts';
import type { Site } from '../lib/browser-site.ts';
import { TestBrowser } from '../lib/browser.ts';
import { ChatRest, threadPath, type CreatedThreadBody } from '../lib/chat-rest.ts';
import { newUser, type ChatUser } from '../lib/chat-user.ts';
import { startServer, type TestServer } from '../lib/server.ts';

interface Member extends ChatUser {
  readonly name: string;
  readonly rest: ChatRest;
}

interface RequestRecord {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly caller?: string;
}

/** What the library calls for everybody who opens a chat. */
const CALLS_AT_START = [
  'GET /chat/config/realTimeNotifications',
  'POST /v4/a',
  'GET /socket.io/1/',
  'POST /v3/registrations',
  'GET /chat/threads/{id}',
  'GET /chat/threads/{id}/participants',
  'GET /chat/threads/{id}/messages',
  'GET /chat/threads/{id}/readReceipts',
  'POST /chat/threads/{id}/readReceipts',
];

/** Where the library takes its typeface from; without it the page looks a little different. */
const FONT_HOST = 'res-1.cdn.office.net';

describe('the unmodified ChatComposite of the UI library', () => {
  const stack = new AsyncDisposableStack();
  let server: TestServer;
  let browser: TestBrowser;
  let site: Site;
  let page: CompositePage;
  let alice: Member;
  let bob: Member;
  let threadId: string;

  beforeAll(async () => {
    server = stack.use(await startServer());
    browser = stack.use(await TestBrowser.start(server));
    site = stack.use(await CompositePage.site());
  });
  afterAll(() => stack.disposeAsync());

  beforeEach(async () => {
    page = await CompositePage.open(browser, site);
    [alice, bob] = [await member('Alice'), await member('Bob')];
    threadId = await thread('Lunch', alice, bob);
  });
  afterEach(() => page[Symbol.asyncDispose]());

  it('R35 R39: begins with topic and history', async () => {
    await alice.rest.send(threadId, 'hello from before', { senderDisplayName: 'Alice' });
    const pane = await show(bob);
    await pane.root.getByText('Lunch', { exact: true }).waitFor();
    await pane.notice('Alice, Bob joined the chat.').waitFor();
    await pane.message('hello from before').getByText('Alice').waitFor();
    for (const call of CALLS_AT_START) await expect.poll(() => callsOf(bob)).toContain(call);
    await expectNothingWrong();
  });

  it('R34: two of them side by side send to and receive from each other, once each and in order', async () => {
    const [alicesPane, bobsPane] = [await show(alice), await show(bob)];
    await alicesPane.say('Hello Bob');
    await bobsPane.message('Hello Bob').getByText('Alice').waitFor();
    await bobsPane.say('Hello Alice');
    await alicesPane.message('Hello Alice').getByText('Bob').waitFor();
    for (const pane of [alicesPane, bobsPane]) {
      const texts = await pane.message('Hello').locator('[data-ui-status]').allInnerTexts();
      expect(texts).toEqual(['Hello Bob', 'Hello Alice']);
    }
    await expectNothingWrong();
  });

  it('R34: a message sent over REST by somebody else appears', async () => {
    const pane = await show(alice);
    await bob.rest.send(threadId, 'from afar', { senderDisplayName: 'Bob' });
    await pane.message('from afar').getByText('Bob').waitFor();
    await expectNothingWrong();
  });

  it('R36: shows who is typing, to the others only', async () => {
    const [alicesPane, bobsPane] = [await show(alice), await show(bob)];
    await bobsPane.type('Well');
    await alicesPane.typing.getByText('Bob is typing ...').waitFor();
    expect(await bobsPane.typing.innerText()).toBe('');
    await expectNothingWrong();
  });

  it('R37: tells the sender when a message was seen', async () => {
    const alicesPane = await show(alice);
    await alicesPane.say('Did you see this?');
    await alicesPane.root.getByLabel('Message sent').waitFor();
    const bobsPane = await show(bob);
    await bobsPane.message('Did you see this?').waitFor();
    await alicesPane.root.getByLabel('Message seen by others').waitFor();
    await expectNothingWrong();
  });

  it('R31 R37: tells who joined and who left', async () => {
    const pane = await show(bob);
    const carol = await member('Carol');
    await alice.rest.call('POST', `${threadPath(threadId)}/participants/:add`, { body: { participants: [participant(carol)] } });
    await pane.notice('Carol joined the chat.').waitFor();
    await alice.rest.remove(threadId, carol);
    await pane.notice('Carol left the chat.').waitFor();
    await expectNothingWrong();
  });

  it('R37: follows the topic', async () => {
    const pane = await show(bob);
    await alice.rest.call('PATCH', threadPath(threadId), { body: { topic: 'Dinner' } });
    await pane.root.getByText('Dinner', { exact: true }).waitFor();
    await expectNothingWrong();
  });

  it('R37 R46: edits and deletes', async () => {
    const [alicesPane, bobsPane] = [await show(alice), await show(bob)];
    await alicesPane.say('Helo');
    await bobsPane.message('Helo').waitFor();
    await alicesPane.choose('Helo', 'Edit');
    await alicesPane.rewrite('Hello');
    await bobsPane.message('Hello').getByText('Edited').waitFor();
    await alicesPane.choose('Hello', 'Delete');
    await bobsPane.message('Hello').waitFor({ state: 'detached' });
    await expectNothingWrong();
  });

  it('R45: tells a removed participant so when he sends', async () => {
    const pane = await show(bob);
    await alice.rest.remove(threadId, bob);
    await pane.say('Still here?');
    await pane.root.getByText('you are no longer in this chat thread').waitFor();
    expect(new Set((await refusals()).map(({ caller, status }) => `${caller} ${status}`))).toEqual(new Set([`${bob.id} 403`]));
  });

  async function member(name: string): Promise<Member> {
    const user = await newUser(server);
    return { ...user, name, rest: new ChatRest(server.endpoint, user) };
  }

  async function thread(topic: string, ...members: readonly Member[]): Promise<string> {
    const { body } = await members[0]!.rest.call<CreatedThreadBody>('POST', '/chat/threads', {
      body: { topic, participants: members.map(participant) },
    });
    return body.chatThread.id;
  }

  function show({ id, name, token }: Member): Promise<CompositePane> {
    return page.mount({ endpoint: server.endpoint, userId: id, displayName: name, token, threadId });
  }

  async function callsOf({ id }: Member): Promise<string[]> {
    return (await requests())
      .filter(({ caller }) => caller === id)
      .map(({ method, path }) => `${method} ${path.replace('//', '/').replace(encodeURIComponent(threadId), '{id}').replace(/\?.*/, '')}`);
  }

  /** Nothing was refused to those in the thread, and the page has no error but the typeface it does without. */
  async function expectNothingWrong(): Promise<void> {
    expect(await refusals()).toEqual([]);
    expect(page.problems).toEqual([]);
    expect([...page.foreignHosts].filter((host) => host !== FONT_HOST)).toEqual([]);
  }

  async function refusals(): Promise<readonly RequestRecord[]> {
    const members = [alice.id, bob.id];
    return (await requests()).filter(({ status, caller = '' }) => status >= 400 && members.includes(caller));
  }

  async function requests(): Promise<readonly RequestRecord[]> {
    return (await server.admin<{ value: RequestRecord[] }>('GET', '/admin/requests?limit=1000')).body.value;
  }
});

function participant({ id, name }: Member): object {
  return { communicationIdentifier: { communicationUser: { id } }, displayName: name };
}
