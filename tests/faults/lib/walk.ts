import { CHAT_API_VERSION, threadPath } from '../../lib/chat-rest.ts';
import type { ChatUser } from '../../lib/chat-user.ts';
import type { DeedKind } from './deeds.ts';
import { Dice } from './dice.ts';
import type { World } from './world.ts';

export interface WalkOptions {
  readonly endpoint: string;
  readonly world: World;
  readonly seed: number;
}

interface Sent {
  readonly threadId: string;
  readonly id: string;
}

interface Call {
  readonly method: string;
  readonly path: string;
  readonly body?: object;
}

const ANSWER_TIMEOUT_MS = 20_000;
const CALLS_IN_FLIGHT_OF_EACH = 2;
/** Calls in a row without an answer after which a walker takes the server for gone. */
const PATIENCE = 5;
/** How many of its last messages a walker changes. */
const REACH = 20;

/** Everybody in a world doing whatever comes to mind, all of which goes into its history. */
export class Walk {
  readonly #options: WalkOptions;
  readonly #walkers: Promise<unknown>;
  #acknowledged = 0;
  #isStopping = false;
  #isOver = false;
  #onChange: () => void = () => undefined;

  constructor(options: WalkOptions) {
    this.#options = options;
    const { members, guests } = options.world;
    const walkers = [...members, ...guests].flatMap((user, i) =>
      Array.from({ length: CALLS_IN_FLIGHT_OF_EACH }, (_, n) => this.#walk(user, new Dice(options.seed * 1_000 + i * 10 + n))),
    );
    this.#walkers = Promise.all(walkers).finally(() => {
      this.#isOver = true;
      this.#onChange();
    });
  }

  /** Resolves when this many more calls were acknowledged. @throws Error when everybody has given up before */
  async acknowledged(count: number): Promise<void> {
    const goal = this.#acknowledged + count;
    while (this.#acknowledged < goal) {
      if (this.#isOver) throw new Error(`the walk ended; ${goal - this.#acknowledged} acknowledgements are missing`);
      await new Promise<void>((resolve) => (this.#onChange = resolve));
    }
  }

  /** Begins nothing more; resolves when what is in flight has ended. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    await this.#walkers;
  }

  async #walk(user: ChatUser, dice: Dice): Promise<void> {
    const sent: Sent[] = [];
    for (let unanswered = 0; !this.#isStopping && unanswered < PATIENCE;) {
      const isAnswered = await this.#step(user, dice, sent);
      unanswered = isAnswered ? 0 : unanswered + 1;
      this.#onChange();
    }
  }

  /** @returns false when no answer came */
  #step(user: ChatUser, dice: Dice, sent: Sent[]): Promise<boolean> {
    const { threadIds, guests } = this.#options.world;
    const threadId = dice.pick(threadIds)!;
    const own = dice.pick(sent.slice(-REACH));
    const guest = dice.pick(guests);
    const choice = dice.next();
    if (own !== undefined && choice < 0.15) return this.#edit(user, own);
    if (own !== undefined && choice < 0.22) return this.#delete(user, own);
    if (own !== undefined && choice < 0.35) {
      const call = { method: 'POST', path: `${threadPath(own.threadId)}/readReceipts`, body: { chatMessageId: own.id } };
      return this.#deed(user, own.threadId, { deed: { kind: 'receipt', messageId: own.id }, call });
    }
    if (guest !== undefined && choice < 0.45) return this.#move(user, threadId, { guest, kind: choice < 0.41 ? 'add' : 'remove' });
    return this.#send(user, threadId, sent);
  }

  async #send(user: ChatUser, threadId: string, sent: Sent[]): Promise<boolean> {
    const { history } = this.#options.world;
    const content = history.invoke({ sender: user.id, threadId });
    const answer = await this.#call(user, { method: 'POST', path: `${threadPath(threadId)}/messages`, body: { content } });
    if (answer === undefined) return false;
    if (answer.status === 201 && answer.id !== undefined) {
      history.ok(content, answer.id);
      sent.push({ threadId, id: answer.id });
      this.#acknowledged += 1;
    } else if (answer.isRefused) history.fail(content);
    return true;
  }

  #edit(user: ChatUser, { threadId, id }: Sent): Promise<boolean> {
    const body = this.#options.world.history.newBody(user.id);
    const call = { method: 'PATCH', path: `${threadPath(threadId)}/messages/${id}`, body: { content: body } };
    return this.#deed(user, threadId, { deed: { kind: 'edit', messageId: id, body }, call });
  }

  #delete(user: ChatUser, { threadId, id }: Sent): Promise<boolean> {
    const call = { method: 'DELETE', path: `${threadPath(threadId)}/messages/${id}` };
    return this.#deed(user, threadId, { deed: { kind: 'delete', messageId: id }, call });
  }

  #move(
    user: ChatUser,
    threadId: string,
    { guest, kind }: { readonly guest: ChatUser; readonly kind: 'add' | 'remove' },
  ): Promise<boolean> {
    const communicationUser = { id: guest.id };
    const body = kind === 'remove' ? { communicationUser } : { participants: [{ communicationIdentifier: { communicationUser } }] };
    const call = { method: 'POST', path: `${threadPath(threadId)}/participants/:${kind}`, body };
    return this.#deed(user, threadId, { deed: { kind, user: guest.id }, call });
  }

  /** @returns false when no answer came */
  async #deed(user: ChatUser, threadId: string, { deed, call }: { readonly deed: DeedKind; readonly call: Call }): Promise<boolean> {
    const { deeds } = this.#options.world.history;
    const begun = deeds.begin({ by: user.id, threadId, ...deed });
    const answer = await this.#call(user, call);
    if (answer === undefined) return false;
    if (answer.status < 300) {
      deeds.end(begun, 'ok');
      this.#acknowledged += 1;
    } else if (answer.isRefused) deeds.end(begun, 'fail');
    return true;
  }

  async #call(user: ChatUser, { method, path, body }: Call): Promise<{ status: number; isRefused: boolean; id?: string } | undefined> {
    try {
      const response = await fetch(new URL(`${path}?api-version=${CHAT_API_VERSION}`, this.#options.endpoint), {
        method,
        headers: {
          authorization: `Bearer ${user.token}`,
          ...(body === undefined ? {} : { 'content-type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
      });
      const text = await response.text();
      const { id } = (text === '' ? {} : JSON.parse(text)) as { id?: string };
      // What failed inside the server may or may not have had its effect.
      return { status: response.status, isRefused: response.status >= 400 && response.status < 500, ...(id === undefined ? {} : { id }) };
    } catch {
      return undefined;
    }
  }
}
