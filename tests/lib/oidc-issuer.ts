import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type JsonObject, makeJwt } from './jwt.ts';

export interface TokenWish {
  readonly claims?: JsonObject;
  readonly header?: JsonObject;
  /** Signs in place of the issuer's own key. */
  readonly key?: KeyObject | string;
}

const KID = 'issuer-key-1';

/** A little OpenID provider on loopback: discovery, key set, and tokens as the test wants them. */
export class OidcIssuer implements AsyncDisposable {
  readonly url: string;
  readonly audience = 'https://communication.azure.com/';
  readonly publicKeyPem: string;
  readonly #server: Server;
  readonly #privateKey: KeyObject;

  private constructor(server: Server, keys: { readonly url: string; readonly publicKey: KeyObject; readonly privateKey: KeyObject }) {
    this.#server = server;
    this.url = keys.url;
    this.#privateKey = keys.privateKey;
    this.publicKeyPem = String(keys.publicKey.export({ type: 'spki', format: 'pem' }));
  }

  static async start(): Promise<OidcIssuer> {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    let issued = 0;
    const server = createServer((request, response) => {
      const answers: Readonly<Record<string, object>> = {
        '/.well-known/openid-configuration': { issuer: url, jwks_uri: `${url}/keys`, token_endpoint: `${url}/token` },
        get '/token'() {
          return { access_token: `token-${(issued += 1)}`, token_type: 'Bearer', expires_in: 3600 };
        },
        '/keys': { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: KID, use: 'sig', alg: 'RS256' }] },
      };
      const answer = answers[request.url ?? ''];
      response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answer ?? {}));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return new OidcIssuer(server, { url, publicKey, privateKey });
  }

  /** Settings that make a server trust this issuer. */
  get flags(): string[] {
    return ['--entra-issuer', this.url, '--entra-audience', this.audience];
  }

  /** A token of this issuer, valid for an hour unless the wish says otherwise. */
  token({ claims = {}, header = {}, key = this.#privateKey }: TokenWish = {}): string {
    const nowSeconds = Math.floor(Date.now() / 1000);
    return makeJwt(
      {
        header: { alg: 'RS256', kid: KID, typ: 'JWT', ...header },
        claims: { iss: this.url, aud: this.audience, iat: nowSeconds, nbf: nowSeconds, exp: nowSeconds + 3600, ...claims },
      },
      key,
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }
}
