import { createHash, createPrivateKey, createPublicKey, generateKeyPair, type JsonWebKey, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { type Migration, pick, statement, type Storage } from '../../storage/index.ts';

interface Tables {
  token_signing_keys: { kid: string; sealed: Uint8Array };
}

export const signingKeyMigrations: readonly Migration[] = [
  {
    name: 'identity/0002-signing-keys',
    installation: ['token_signing_keys'],
    up: async (db, types) => {
      await db.schema
        .createTable('token_signing_keys')
        .addColumn('kid', 'text', (c) => c.primaryKey())
        .addColumn('sealed', types.blob, (c) => c.notNull())
        .execute();
    },
  },
];

const sql = statement<Tables>();
const selectAll = sql((db, _: Record<never, never>) => db.selectFrom('token_signing_keys').selectAll().orderBy('kid'));
const insert = sql((db, p: { kid: string; sealed: Uint8Array }) => db.insertInto('token_signing_keys').values(pick(p, 'kid', 'sealed')));

export interface SigningKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
}

export interface PublicJwk {
  readonly kty: string;
  readonly use: string;
  readonly alg: string;
  readonly kid: string;
  readonly n: string;
  readonly e: string;
}

/** The installation's RS256 keys: one that signs, all that verify. Made on the first start, sealed at rest. */
export class SigningKeys {
  readonly current: SigningKey;
  readonly #public: ReadonlyMap<string, KeyObject>;

  private constructor(keys: readonly SigningKey[]) {
    const last = keys.at(-1);
    if (last === undefined) throw new Error('no signing key');
    this.current = last;
    this.#public = new Map(keys.map((key) => [key.kid, createPublicKey(key.privateKey)]));
  }

  /** @param generate makes the key of the first start; a good one takes a while */
  static async open(storage: Storage, generate: () => Promise<KeyObject> = generateKey): Promise<SigningKeys> {
    const stored = (await storage.read.all(selectAll, {})).map((row) => ({
      kid: row.kid,
      privateKey: createPrivateKey(storage.keys.unseal(row.sealed, aad(row.kid))),
    }));
    return new SigningKeys(stored.length > 0 ? stored : [await create(storage, await generate())]);
  }

  publicKey(kid: string): KeyObject | undefined {
    return this.#public.get(kid);
  }

  /** The key set of `/.well-known/jwks.json`, RFC 7517. */
  jwks(): PublicJwk[] {
    return [...this.#public].map(([kid, key]) => {
      const { n = '', e = '' } = key.export({ format: 'jwk' });
      return { kty: 'RSA', use: 'sig', alg: 'RS256', kid, n, e };
    });
  }
}

async function generateKey(): Promise<KeyObject> {
  return (await promisify(generateKeyPair)('rsa', { modulusLength: 2048 })).privateKey;
}

async function create(storage: Storage, privateKey: KeyObject): Promise<SigningKey> {
  const kid = thumbprint(createPublicKey(privateKey).export({ format: 'jwk' }));
  const sealed = storage.keys.seal(privateKey.export({ type: 'pkcs8', format: 'pem' }), aad(kid));
  await storage.write((tx) => tx.run(insert, { kid, sealed }));
  return { kid, privateKey };
}

/** RFC 7638: the members in lexical order, without spaces. */
function thumbprint({ e, kty, n }: JsonWebKey): string {
  return createHash('sha256').update(JSON.stringify({ e, kty, n })).digest('base64url');
}

function aad(kid: string): string {
  return `token signing key ${kid}`;
}
