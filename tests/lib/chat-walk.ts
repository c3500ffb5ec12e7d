import { ChatRest, threadPath, type CreatedThreadBody, type RestAnswer } from './chat-rest.ts';
import { newUsers } from './chat-user.ts';
import { connectLive, type LiveClient } from './live-client.ts';
import type { TestServer } from './server.ts';

const NAMES = ['Alice', 'Bob', 'Carol', 'Dave'] as const;
type Name = (typeof NAMES)[number];

/** What can be read of a thread, in whole and in pages. */
const LISTS = ['', '/messages', '/messages?maxPageSize=3', '/participants', '/participants?skip=1&maxPageSize=1', '/readReceipts'];

/** Members that are random by design. */
const RANDOM = /"(transactionId|collapseId)":"[^"]*"|(syncState)=[^&"\\]*/g;

/**
 * A chat from its first thread to its deletion, through every operation, written down with what differs from server to server left out:
 * two servers that behave alike have the same record.
 */
export class ChatWalk {
  readonly #lines: string[] = [];
  readonly #names = new Map<string, string>();
  readonly #rests = new Map<Name, ChatRest>();
  #threadId = '';

  /** Creates the users. */
  static async prepare(server: TestServer): Promise<ChatWalk> {
    const walk = new ChatWalk();
    const users = await newUsers(server, NAMES.length);
    // Participants are listed by their ids: the names rise with them.
    users.sort((a, b) => (a.id < b.id ? -1 : 1));
    for (const [i, user] of users.entries()) {
      walk.#rests.set(NAMES[i]!, new ChatRest(server.endpoint, user));
      walk.#names.set(user.id.slice('8:'.length), NAMES[i]!);
    }
    walk.#names.set(server.endpoint, 'https://server/');
    return walk;
  }

  /** What was answered and heard so far, a line each. */
  record(): readonly string[] {
    return this.#lines.map((line) => {
      let text = line;
      for (const [value, name] of this.#names) text = text.replaceAll(value, name);
      return text.replace(RANDOM, '$1$2');
    });
  }

  /** Goes on at a server that came back under another port. */
  moveTo(server: TestServer): void {
    for (const [name, { user }] of this.#rests) this.#rests.set(name, new ChatRest(server.endpoint, user));
    this.#names.set(server.endpoint, 'https://server/');
  }

  async talk(): Promise<void> {
    const created = await this.#call<CreatedThreadBody>('Alice', 'POST /chat/threads', {
      topic: 'Lunch',
      participants: [this.#participant('Bob')],
      metadata: { kind: 'meal' },
    });
    this.#threadId = created.body.chatThread.id;
    this.#names.set(this.#threadId, 'THREAD').set(encodeURIComponent(this.#threadId), 'THREAD');
    await this.#inThread('Alice', 'POST /participants/:add', {
      participants: [this.#participant('Carol'), { communicationIdentifier: { rawId: '8:acs:nobody' } }],
    });
    const first = await this.#send('Alice', { content: 'Hello “Bob” 🎉 100 %', senderDisplayName: 'Alice', metadata: { color: 'red' } });
    const second = await this.#send('Bob', { content: '<b>bold</b><script>x</script>', type: 'html' });
    const third = await this.#send('Carol', { content: 'to be deleted' });
    await this.#send('Dave', { content: 'from outside' });
    await this.#inThread('Alice', `PATCH /messages/${first}`, { content: 'Hello Bob' });
    await this.#inThread('Bob', `PATCH /messages/${first}`, { content: 'not mine' });
    await this.#inThread('Carol', `DELETE /messages/${third}`);
    await this.#inThread('Bob', 'POST /typing', {});
    await this.#inThread('Bob', 'POST /readReceipts', { chatMessageId: first });
    await this.#inThread('Bob', 'POST /readReceipts', { chatMessageId: second });
    await this.#inThread('Alice', 'PATCH', { topic: 'Dinner', metadata: { kind: null, place: 'here' } });
    await this.#inThread('Alice', 'PATCH', { retentionPolicy: { kind: 'threadCreationDate', deleteThreadAfterDays: 40 } });
    await this.#inThread('Bob', 'POST /participants/:remove', { communicationUser: { id: this.#idOf('Carol') } });
  }

  /** Asks for everything that can be listed. */
  async look(): Promise<void> {
    for (const name of ['Alice', 'Carol', 'Dave'] as const) {
      await this.#call(name, 'GET /chat/threads');
      for (const path of LISTS) await this.#inThread(name, `GET ${path}`);
    }
  }

  async end(): Promise<void> {
    await this.#inThread('Dave', 'DELETE');
    await this.#inThread('Alice', 'DELETE');
    await this.#inThread('Alice', 'DELETE');
  }

  /** Connects Bob to real-time notifications. */
  connect(server: TestServer): Promise<LiveClient> {
    return connectLive(server.endpoint, this.#rests.get('Bob')!.user);
  }

  /** Writes down what a connection received, up to the first event of the given number. */
  async heard(live: LiveClient, lastEventId: number): Promise<void> {
    await live.event(lastEventId, this.#threadId);
    for (const { event } of live.pushes.all) this.#lines.push(`Bob heard ${JSON.stringify(event)}`);
  }

  async #send(name: Name, body: object): Promise<string> {
    return (await this.#inThread<{ readonly id: string }>(name, 'POST /messages', body)).body.id;
  }

  #inThread<T>(name: Name, step: string, body?: object): Promise<RestAnswer<T>> {
    const [method, path = ''] = step.split(' ') as [string, string?];
    return this.#call<T>(name, `${method} ${threadPath(this.#threadId)}${path}`, body);
  }

  /** @param step method and path */
  async #call<T>(name: Name, step: string, body?: object): Promise<RestAnswer<T>> {
    const [method, path] = step.split(' ') as [string, string];
    const answer = await this.#rests.get(name)!.call<T>(method, path, body === undefined ? {} : { body });
    this.#lines.push(`${name} ${step}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer;
  }

  #participant(name: Name): object {
    return { communicationIdentifier: { communicationUser: { id: this.#idOf(name) } }, displayName: name };
  }

  #idOf(name: Name): string {
    return this.#rests.get(name)!.user.id;
  }
}
