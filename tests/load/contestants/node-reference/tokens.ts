import { createHash, generateKeyPairSync, sign, verify } from 'node:crypto';

const lifetimeMs = 86_400_000;
/** Random in every token, so that it tells them apart. */
const signatureTail = 43;

interface Known {
  readonly token: string;
  readonly user: string;
  readonly expiresMs: number;
}

/** RS256 tokens of about the size that ACS issues. A verified one is remembered: verifying costs 20 µs and more. */
export class Tokens {
  readonly #keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
  readonly #known = new Map<string, Known>();

  issue(user: string): string {
    const skypeid = createHash('sha256').update(user).digest('hex');
    const claims = { skypeid, user, exp: Date.now() + lifetimeMs, acsScope: 'chat', resourceId: skypeid.slice(0, 36) };
    const text = `${encode({ alg: 'RS256', typ: 'JWT' })}.${encode(claims)}`;
    return `${text}.${sign('sha256', Buffer.from(text), this.#keys.privateKey).toString('base64url')}`;
  }

  /** The user an `Authorization` header speaks for, undefined when it speaks for nobody. */
  userOf(header: string | undefined): string | undefined {
    const token = header?.slice('Bearer '.length) ?? '';
    const key = token.slice(-signatureTail);
    let known = this.#known.get(key);
    if (known?.token !== token) {
      known = this.#verified(token);
      if (known === undefined) return undefined;
      this.#known.set(key, known);
    }
    return known.expiresMs > Date.now() ? known.user : undefined;
  }

  #verified(token: string): Known | undefined {
    const end = token.lastIndexOf('.');
    const signature = Buffer.from(token.slice(end + 1), 'base64url');
    if (!verify('sha256', Buffer.from(token.slice(0, end)), this.#keys.publicKey, signature)) return undefined;
    // Signed, so as `issue` made it.
    const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as { user: string; exp: number };
    return { token, user: claims.user, expiresMs: claims.exp };
  }
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
