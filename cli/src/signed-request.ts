import { createHash, createHmac } from 'node:crypto';
import { CommandError } from './command-error.ts';

/** The headers of an access-key signature (HMAC-SHA256 over method, target, date, host and content hash). */
export function signed(
  method: string,
  url: URL,
  { key, body }: { readonly key: Buffer; readonly body: string | undefined },
): Record<string, string> {
  const date = new Date().toUTCString();
  const hash = createHash('sha256')
    .update(body ?? '')
    .digest('base64');
  const text = `${method}\n${url.pathname}${url.search}\n${date};${url.host};${hash}`;
  const signature = createHmac('sha256', key).update(text).digest('base64');
  return {
    host: url.host,
    'x-ms-date': date,
    'x-ms-content-sha256': hash,
    authorization: `HMAC-SHA256 SignedHeaders=x-ms-date;host;x-ms-content-sha256&Signature=${signature}`,
  };
}

/** Changes are merge patches (RFC 7396), as the SDKs send them. */
export function typeOf(method: string, body: string | undefined): Record<string, string> {
  if (body === undefined) return {};
  return { 'content-type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json' };
}

export function parseConnectionString(text: string): { readonly endpoint: string; readonly key: Buffer } {
  const match = /^endpoint=(https?:\/\/[^;]+);accesskey=(.+)$/i.exec(text);
  if (match === null) throw new CommandError('a connection string has the form endpoint=https://…;accesskey=…', 2);
  return { endpoint: match[1] as string, key: Buffer.from(match[2] as string, 'base64') };
}
