import { rawRequest, type RawAnswer } from './raw-request.ts';

export interface TokenRequest {
  readonly method?: string;
  readonly path?: string;
  readonly body?: unknown;
  /** Host name to ask for in place of the endpoint's. */
  readonly host?: string;
}

/** The listing of a user's threads: the lightest call that takes an access token. */
export const CHAT_PATH = '/chat/threads?api-version=2025-03-15';

/** Calls with a user access token; lists the user's chat threads unless told otherwise. */
export function tokenRequest(endpoint: string, token: string, wanted: TokenRequest = {}): Promise<RawAnswer> {
  const { method = 'GET', path = CHAT_PATH, body, host } = wanted;
  return rawRequest({
    endpoint,
    method,
    target: path,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(host === undefined ? {} : { host }),
    },
    ...(host === undefined ? {} : { servername: host }),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}
