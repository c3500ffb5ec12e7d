import { createHmac, type KeyObject, timingSafeEqual } from 'node:crypto';
import type { TokenGrant } from '../../http/index.ts';

/** What a live connection is allowed, carried by the client as `connectparams`: a browser's WebSocket has no headers. */
export interface LiveSession {
  /** Connection id, part of the path that pushes are addressed to. */
  readonly ccid: string;
  readonly grant: TokenGrant;
}

export interface ConnectParams {
  readonly sr: string;
  /** Expiry, epoch milliseconds. */
  readonly se: string;
  readonly sig: string;
}

/** Seals sessions into connect parameters and opens them again, also after a restart and on another node. */
export class LiveSessions {
  readonly #key: KeyObject;

  constructor(key: KeyObject) {
    this.#key = key;
  }

  seal(session: LiveSession): ConnectParams {
    const sr = Buffer.from(JSON.stringify(session)).toString('base64url');
    return { sr, se: String(session.grant.expiresAtMs), sig: this.#mac(sr).toString('base64url') };
  }

  /** Undefined when the parameters were not made by {@link seal} under the same key. */
  open(params: { readonly sr: string; readonly sig: string }): LiveSession | undefined {
    const given = Buffer.from(params.sig, 'base64url');
    const expected = this.#mac(params.sr);
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
    // Authentic, so it has the shape that `seal` gave it.
    return JSON.parse(Buffer.from(params.sr, 'base64url').toString('utf8')) as LiveSession;
  }

  #mac(text: string): Buffer {
    return createHmac('sha256', this.#key).update(text).digest();
  }
}
