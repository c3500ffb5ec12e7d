import type { HttpAnswer, HttpClient } from '../../egress/index.ts';
import type { Timers } from '../../lib/timers.ts';

export interface TokenIssuer {
  /** `{tenant}` in it stands for the tenant of the destination. */
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

export interface BearerTokensOptions extends TokenIssuer {
  readonly client: HttpClient;
  readonly timers: Timers;
  readonly timeoutMs: number;
}

/** For whom a token is. */
export interface Audience {
  readonly tenantId: string;
  readonly application: string;
}

interface Token {
  readonly text: string;
  readonly expiresAtMs: number;
}

/** A token is renewed so long before its end. */
const EARLY_MS = 60_000;
const MOST_KEPT = 1_000;

/** Tokens of a directory for webhooks that ask for them: client credentials (RFC 6749 section 4.4), kept until shortly before their end. */
export class BearerTokens {
  readonly #options: BearerTokensOptions;
  readonly #kept = new Map<string, Promise<Token>>();

  constructor(options: BearerTokensOptions) {
    this.#options = options;
  }

  /** @param refused a token that the webhook did not take: another is fetched. @throws Error when the directory gives none */
  async of(audience: Audience, refused?: string): Promise<string> {
    const key = JSON.stringify([audience.tenantId, audience.application]);
    const kept = await this.#kept.get(key)?.catch(() => undefined);
    if (kept !== undefined && kept.text !== refused && this.#options.timers.monotonicMs() < kept.expiresAtMs) return kept.text;
    if (this.#kept.size >= MOST_KEPT) this.#kept.clear();
    const fetched = this.#fetch(audience);
    this.#kept.set(key, fetched);
    return (await fetched).text;
  }

  async #fetch({ tenantId, application }: Audience): Promise<Token> {
    const { client, timers, timeoutMs, issuer, clientId, clientSecret } = this.#options;
    const base = issuer.replace('{tenant}', encodeURIComponent(tenantId)).replace(/\/$/, '');
    const discovery = new URL(`${base}/.well-known/openid-configuration`);
    const { token_endpoint: endpoint } = jsonOf(await client.send({ method: 'GET', url: discovery, headers: {}, timeoutMs }));
    if (typeof endpoint !== 'string' || !URL.canParse(endpoint)) throw new Error('it publishes no token endpoint');
    const body = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: clientSecret,
      scope: `${application}/.default`,
    }).toString();
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const answer = jsonOf(await client.send({ method: 'POST', url: new URL(endpoint), headers, body, timeoutMs }));
    const { access_token: text, expires_in: seconds } = answer;
    if (typeof text !== 'string') throw new Error('its token endpoint answered without one');
    return { text, expiresAtMs: timers.monotonicMs() + Number(seconds ?? 0) * 1_000 - EARLY_MS };
  }
}

function jsonOf({ status, body }: HttpAnswer): Readonly<Record<string, unknown>> {
  if (status !== 200) throw new Error(`it answered ${status}`);
  const found = parsed(body.toString('utf8'));
  if (typeof found !== 'object' || found === null) throw new Error('its answer is no JSON object');
  return found as Readonly<Record<string, unknown>>;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
