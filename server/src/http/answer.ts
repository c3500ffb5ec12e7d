import type { ServerResponse } from 'node:http';

/** An answer, ready to be sent. */
export interface Answer {
  readonly status: number;
  /** Names and values in turn. */
  readonly headers: readonly string[];
  readonly body: string | Buffer | undefined;
}

/**
 * The answer with the headers that every one carries, and with its length.
 *
 * @param manners names and values in turn; taken over
 */
export function withManners({ status, headers, body }: Answer, manners: string[]): Answer {
  manners.push(...headers);
  if (body !== undefined) manners.push('content-length', String(Buffer.byteLength(body)));
  // RFC 9110 section 8.6: a 204 has no length, any other answer without content has length 0.
  else if (status !== 204) manners.push('content-length', '0');
  return { status, headers: manners, body };
}

/** Sends an answer whole, so that header and body leave in one write. */
export function sendAnswer(response: ServerResponse, { status, headers, body }: Answer): void {
  // Node takes names and values in turn, but declares the type of a list that may change.
  response.writeHead(status, headers as string[]);
  // Node leaves the body of an answer to HEAD out.
  response.end(body);
}
