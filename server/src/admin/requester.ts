import type { Requester } from '../identity/index.ts';
import type { Resource } from '../resources/index.ts';

/** An administrator asks for tokens in the place of who holds the primary key. */
export function administratorOf(resource: Resource): Requester {
  const version = resource.accessKeys.find((key) => key.slot === 'primary')?.version ?? 1;
  return { resource, key: { slot: 'primary', version } };
}
