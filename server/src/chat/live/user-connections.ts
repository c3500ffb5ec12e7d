import type { UserKey } from '../../http/index.ts';
import type { LiveConnection } from './live-connection.ts';

const NONE: readonly LiveConnection[] = [];

/** Who is connected: the connections of each user, one for each device. Lists are replaced, never changed: whoever walks one may close what is in it. */
export class UserConnections {
  /**
   * By resource, then by user. A text key of both would have to be put together, and hashed, for every recipient of every
   * message; a participant's id is kept by its thread and hashed once.
   */
  readonly #byResource = new Map<string, Map<string, readonly LiveConnection[]>>();

  of(user: UserKey): readonly LiveConnection[] {
    return this.ofResource(user.resourceId)?.get(user.id) ?? NONE;
  }

  /** By user. */
  ofResource(resourceId: string): ReadonlyMap<string, readonly LiveConnection[]> | undefined {
    return this.#byResource.get(resourceId);
  }

  *all(): Iterable<UserKey> {
    for (const [resourceId, users] of this.#byResource) for (const id of users.keys()) yield { resourceId, id };
  }

  add(user: UserKey, connection: LiveConnection): void {
    let users = this.#byResource.get(user.resourceId);
    if (users === undefined) this.#byResource.set(user.resourceId, (users = new Map<string, readonly LiveConnection[]>()));
    users.set(user.id, [...(users.get(user.id) ?? NONE), connection]);
  }

  remove(user: UserKey, connection: LiveConnection): void {
    const users = this.#byResource.get(user.resourceId);
    const others = users?.get(user.id)?.filter((other) => other !== connection);
    if (others === undefined) return;
    if (others.length > 0) users?.set(user.id, others);
    else users?.delete(user.id);
    if (users?.size === 0) this.#byResource.delete(user.resourceId);
  }
}
