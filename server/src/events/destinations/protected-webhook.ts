import { CallFailure, type HttpAnswer, type OutgoingRequest, type Sender } from '../../egress/index.ts';
import { messageOf } from '../../lib/errors.ts';
import type { Audience, BearerTokens } from './bearer-tokens.ts';

export interface ProtectedWebhookOptions {
  readonly client: Sender;
  readonly tokens: BearerTokens;
  readonly audience: Audience;
}

/**
 * A webhook that a directory protects: whatever it is sent goes with a token for it, handshakes and the notice of a deletion included, since
 * what stands before such an endpoint lets nothing else through.
 */
export class ProtectedWebhook implements Sender {
  readonly #options: ProtectedWebhookOptions;

  constructor(options: ProtectedWebhookOptions) {
    this.#options = options;
  }

  async send(wanted: OutgoingRequest): Promise<HttpAnswer> {
    const token = await this.#token();
    const answer = await this.#sendWith(token, wanted);
    // A token may have been revoked before its end.
    return answer.status === 401 ? this.#sendWith(await this.#token(token), wanted) : answer;
  }

  #sendWith(token: string, wanted: OutgoingRequest): Promise<HttpAnswer> {
    return this.#options.client.send({ ...wanted, headers: { ...wanted.headers, authorization: `Bearer ${token}` } });
  }

  async #token(refused?: string): Promise<string> {
    const { tokens, audience } = this.#options;
    try {
      return await tokens.of(audience, refused);
    } catch (error) {
      throw new CallFailure('noToken', `the token issuer gave no token for it: ${messageOf(error)}`, error);
    }
  }
}
