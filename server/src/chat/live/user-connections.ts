import type { UserKey } from '../../http/index.ts';
import type { LiveConnection } from './live-connection.ts';

const NONE: ReadonlySet<LiveConnection> = new Set();

/** Who is connected: the connections of each user, one for each device. */
export class UserConnections {
  /**
   * By resource, then by user. A text key of both would have to be put together, and hashed, for every recipient of every
   * message; a participant's id is kept by its thread and hashed once.
   */
  readonly #byResource = new Map<string, Map<string, Set<LiveConnection>>>();

  of(user: UserKey): ReadonlySet<LiveConnection> {
    return this.ofResource(user.resourceId)?.get(user.id) ?? NONE;
  }

  /** By user. */
  ofResource(resourceId: string): ReadonlyMap<string, ReadonlySet<LiveConnection>> | undefined {
    return this.#byResource.get(resourceId);
  }

  add(user: UserKey, connection: LiveConnection): void {
    let users = this.#byResource.get(user.resourceId);
    if (users === undefined) this.#byResource.set(user.resourceId, (users = new Map<string, Set<LiveConnection>>()));
    const others = users.get(user.id);
    if (others === undefined) users.set(user.id, new Set([connection]));
    else others.add(connection);
  }

  remove(user: UserKey, connection: LiveConnection): void {
    const users = this.#byResource.get(user.resourceId);
    const others = users?.get(user.id);
    others?.delete(connection);
    if (others?.size === 0) users?.delete(user.id);
    if (users?.size === 0) this.#byResource.delete(user.resourceId);
  }
}
