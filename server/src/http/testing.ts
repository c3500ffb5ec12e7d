import { createSecretKey, createHash, createHmac } from 'node:crypto';
import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { ApiError } from '../lib/errors.ts';
import { Limits } from '../limits/index.ts';
import type { AccessKey, ResourceDirectory, ResourceRef, TokenGrant, TopicDirectory, TokenVerifier, VerifiedToken } from './ports.ts';

/** What tests of this folder share: the ports of `http/`, filled by hand. */

export function accessKey(slot: AccessKey['slot'], text: string): AccessKey {
  return { slot, version: 1, secret: createSecretKey(Buffer.from(text)) };
}

function resource(name: string): ResourceRef {
  return {
    id: `id-of-${name}`,
    name,
    limits: new Limits({ preset: 'handbook' }),
    accessKeys: [accessKey('primary', `${name} 1`), accessKey('secondary', `${name} 2`)],
  };
}

/** Resources under `<name>.localhost`, and `localhost` for all of them. */
export class FewResources implements ResourceDirectory {
  readonly #resources: ResourceRef[];

  constructor(names: readonly string[]) {
    this.#resources = names.map(resource);
  }

  byHost(hostname: string): ResourceRef | 'shared' | undefined {
    if (hostname === 'localhost' || hostname === '127.0.0.1' || hostname === '::1') return 'shared';
    return this.#resources.find(({ name }) => hostname === `${name}.localhost`);
  }

  all(): Iterable<ResourceRef> {
    return [...this.#resources];
  }

  used(used: ResourceRef): void {
    this.#resources.sort((a, b) => Number(b.id === used.id) - Number(a.id === used.id));
  }

  named(name: string): ResourceRef {
    const found = this.#resources.find((candidate) => candidate.name === name);
    if (found === undefined) throw new Error(`no resource ${name}`);
    return found;
  }
}

export const NO_TOPICS: TopicDirectory = { find: () => undefined, byHost: () => undefined };

/** Takes tokens of the form `<resource name>.<user>`; those that begin with `slow-` are judged a moment later. */
export class PlainTokens implements TokenVerifier {
  readonly #resources: FewResources;

  constructor(resources: FewResources) {
    this.#resources = resources;
  }

  verify(token: string): VerifiedToken | Promise<VerifiedToken> {
    return token.startsWith('slow-') ? Promise.resolve().then(() => this.#judge(token.slice('slow-'.length))) : this.#judge(token);
  }

  verifyGrant(): Promise<VerifiedToken> {
    return Promise.reject(new Error('not used here'));
  }

  onRevoked(): void {}

  #judge(token: string): VerifiedToken {
    const [name = '', user] = token.split('.');
    if (user === undefined) throw new ApiError('Unauthorized', 'no such token', { explanation: { rule: 'token.test', cure: 'none' } });
    const owner = this.#resources.named(name);
    const grant: TokenGrant = {
      identity: user,
      resourceId: owner.id,
      scopes: ['chat'],
      expiresAtMs: Infinity,
      generation: 0,
      keySlot: 'primary',
      keyVersion: 1,
    };
    return { resource: owner, identity: user, scopes: new Set(['chat']), grant, validUntilMs: Infinity };
  }
}

/** An incoming request that came over no socket, for functions that only look at its head. */
export function requestWith(headers: Readonly<Record<string, string>>, method = 'GET'): IncomingMessage {
  const request = new IncomingMessage(new Socket());
  request.method = method;
  request.httpVersionMajor = 1;
  request.httpVersionMinor = 1;
  for (const [name, value] of Object.entries(headers)) {
    request.headers[name.toLowerCase()] = value;
    request.rawHeaders.push(name, value);
  }
  return request;
}

export interface ToSign {
  readonly method: string;
  /** Target in the form the client signs. */
  readonly target: string;
  readonly host: string;
  readonly date: string;
  readonly body?: string;
  readonly secret: string;
}

/** The headers of a request signed as the SDKs do. */
export function signedHeaders({ method, target, host, date, body = '', secret }: ToSign): Record<string, string> {
  const hash = createHash('sha256').update(body).digest('base64');
  const signature = createHmac('sha256', secret).update(`${method}\n${target}\n${date};${host};${hash}`).digest('base64');
  return {
    host,
    'x-ms-date': date,
    'x-ms-content-sha256': hash,
    authorization: `HMAC-SHA256 SignedHeaders=x-ms-date;host;x-ms-content-sha256&Signature=${signature}`,
  };
}
