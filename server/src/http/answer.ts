import type { ServerResponse } from 'node:http';

/** An answer, ready to be sent. */
export interface Answer {
  readonly status: number;
  /** Names and values in turn. */
  readonly headers: readonly string[];
  readonly body: string | Buffer | undefined;
}

/** Sends an answer whole, with its length, so that header and body leave in one write. */
export function sendAnswer(response: ServerResponse, { status, headers, body }: Answer): void {
  const all = [...headers];
  if (body !== undefined) all.push('content-length', String(Buffer.byteLength(body)));
  // RFC 9110 section 8.6: a 204 has no length, any other answer without content has length 0.
  else if (status !== 204) all.push('content-length', '0');
  response.writeHead(status, all);
  // Node leaves the body of an answer to HEAD out.
  response.end(body);
}
