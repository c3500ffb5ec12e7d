import type { AdminApi } from '../admin-api.ts';
import { ChatUser } from './chat-user.ts';
import type { Who } from './event-log.ts';
import type { PageAction } from './page-state.ts';
import { forgetSession, saveSession } from './saved-session.ts';
import type { SavedSession, SavedUser } from './saved-session.ts';

const topic = 'First chat';

/** Alice and Bob with their clients, and the thread they share. Whoever opens a session closes it. */
export class Session {
  readonly alice: ChatUser;
  readonly bob: ChatUser;
  readonly #users: { readonly alice: SavedUser; readonly bob: SavedUser };

  private constructor(users: { alice: SavedUser; bob: SavedUser }, dispatch: (action: PageAction) => void) {
    const create = (who: Who): ChatUser =>
      new ChatUser({
        who,
        user: users[who],
        dispatch: (action) => dispatch({ type: 'chat', who, action }),
        log: (item) => dispatch({ type: 'log', item, at: new Date() }),
      });
    this.#users = users;
    this.alice = create('alice');
    this.bob = create('bob');
    dispatch({ type: 'users', alice: users.alice.id, bob: users.bob.id });
  }

  /** Creates two users of the server's default resource. */
  static async create(api: AdminApi, dispatch: (action: PageAction) => void): Promise<Session> {
    const [alice, bob] = await Promise.all([createUser(api, 'Alice'), createUser(api, 'Bob')]);
    return new Session({ alice, bob }, dispatch);
  }

  /** With the users of an earlier session. */
  static restore(saved: SavedSession, dispatch: (action: PageAction) => void): Session {
    return new Session({ alice: saved.alice, bob: saved.bob }, dispatch);
  }

  async connect(): Promise<void> {
    await Promise.all([this.alice.connect(), this.bob.connect()]);
  }

  async openThread(threadId: string): Promise<void> {
    await Promise.all([this.alice.open(threadId), this.bob.open(threadId)]);
  }

  /** Alice creates a thread with Bob in it; both open it. */
  async newThread(): Promise<void> {
    const threadId = await this.alice.createThread(topic, [this.alice, this.bob]);
    saveSession({ ...this.#users, threadId });
    await this.openThread(threadId);
  }

  /** Alice deletes the thread, which ends what a reload would restore. */
  async deleteThread(): Promise<void> {
    await this.alice.deleteThread();
    forgetSession();
  }

  async close(): Promise<void> {
    await Promise.all([this.alice.close(), this.bob.close()]);
  }
}

async function createUser(api: AdminApi, displayName: string): Promise<SavedUser> {
  const { identity, accessToken } = await api.createIdentity();
  return { id: identity.id, displayName, token: accessToken.token, expiresOn: accessToken.expiresOn };
}
