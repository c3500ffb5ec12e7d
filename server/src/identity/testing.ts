import { generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { Repeatability, repeatabilityMigrations } from '../http/index.ts';
import { VirtualClock } from '../lib/clock.ts';
import { type Ids, RandomIds } from '../lib/ids.ts';
import { RepeatableRandom } from '../lib/testing.ts';
import { Limits, type LimitsOptions, RateLimiter } from '../limits/index.ts';
import { type Resource, ResourceService, resourceMigrations } from '../resources/index.ts';
import type { Migration, Storage } from '../storage/index.ts';
import { openStorage, START_MS, type TestDatabase, type TestEngine } from '../storage/testing.ts';
import { IdentityService, type Requester } from './identity-service.ts';
import { allIdentityMigrations } from './index.ts';
import { SigningKeys } from './tokens/signing-keys.ts';
import { TokenService } from './tokens/token-service.ts';

/** Resources, identities and tokens over a real store, under a clock that the test moves. */
export interface Accounts {
  readonly database: TestDatabase;
  readonly storage: Storage;
  readonly clock: VirtualClock;
  readonly random: RepeatableRandom;
  readonly ids: Ids;
  readonly resources: ResourceService;
  readonly keys: SigningKeys;
  readonly tokens: TokenService;
  readonly identities: IdentityService;
  readonly repeatability: Repeatability;
  readonly rates: RateLimiter;
  readonly local: Resource;
  readonly other: Resource;
}

export interface AccountsOptions {
  readonly limits?: LimitsOptions;
  readonly revocationDelayMs?: number;
  readonly migrations?: readonly Migration[];
}

export async function openAccounts(engine: TestEngine, options: AccountsOptions = {}): Promise<Accounts & AsyncDisposable> {
  const database = await engine.open();
  const clock = new VirtualClock(START_MS);
  const random = new RepeatableRandom();
  const ids = new RandomIds(random);
  const migrations = [...repeatabilityMigrations, ...resourceMigrations, ...allIdentityMigrations, ...(options.migrations ?? [])];
  const storage = await openStorage({ engine: database.engine, clock, random, migrations });
  const limits = new Limits(options.limits ?? { preset: 'handbook' });
  const resources = await ResourceService.open({ storage, clock, random, ids, limits, sharedHosts: [] });
  const keys = await SigningKeys.open(storage, generateKeyOnce);
  const tokens = new TokenService({ storage, resources, clock, random, keys });
  const rates = new RateLimiter(clock);
  const revocationDelayMs = options.revocationDelayMs ?? 0;
  const identities = new IdentityService({ storage, clock, ids, tokens, rates, revocationDelayMs });
  return {
    database,
    storage,
    clock,
    random,
    ids,
    resources,
    keys,
    tokens,
    identities,
    rates,
    repeatability: new Repeatability({ clock, storage }),
    local: await resources.create({ name: 'local' }),
    other: await resources.create({ name: 'other' }),
    [Symbol.asyncDispose]: async () => {
      await storage.close();
      await database[Symbol.asyncDispose]();
    },
  };
}

let signingKey: Promise<KeyObject> | undefined;

/** One key for all tests of a file: making one takes longer than most of them. */
function generateKeyOnce(): Promise<KeyObject> {
  signingKey ??= promisify(generateKeyPair)('rsa', { modulusLength: 2048 }).then(({ privateKey }) => privateKey);
  return signingKey;
}

/** Who signs with a key of a resource as it is now. */
export function requesterOf(resource: Resource, slot: 'primary' | 'secondary' = 'primary'): Requester {
  const key = resource.accessKeys.find((candidate) => candidate.slot === slot);
  if (key === undefined) throw new Error(`the resource has no ${slot} key`);
  return { resource, key };
}
