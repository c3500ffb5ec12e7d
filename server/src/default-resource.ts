import { WELL_KNOWN_KEY, type AccessKeyChoice } from './config/index.ts';
import type { Resource, ResourceService } from './resources/index.ts';

const NAME = 'local';

/** The default resource of an emptied state: with the key that this server announced when it started. */
export async function renewDefaultResource(resources: ResourceService, announced: Resource): Promise<void> {
  await resources.create({ name: NAME, primaryKey: announced.primaryKey });
}

/** The resource every server has, so that nothing needs to be set up before the first call. */
export async function ensureDefaultResource(resources: ResourceService, choice: AccessKeyChoice): Promise<Resource> {
  const existing = [...resources.all()].find((resource) => resource.name === NAME);
  switch (choice.kind) {
    case 'given':
      return existing === undefined ? resources.create({ name: NAME, primaryKey: choice.key }) : resources.setPrimaryKey(NAME, choice.key);
    case 'generate':
      if (existing === undefined) return resources.create({ name: NAME });
      return existing.primaryKey === WELL_KNOWN_KEY ? resources.regenerateKey(NAME, 'Primary') : existing;
    case 'well-known':
      // A key that was regenerated stays regenerated.
      return existing ?? resources.create({ name: NAME, primaryKey: WELL_KNOWN_KEY });
  }
}
