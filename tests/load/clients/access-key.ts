import { createHash, createHmac } from 'node:crypto';

/** What a connection string says: `endpoint=…;accesskey=…`. */
export interface AccessKey {
  /** Base64, as issued. */
  readonly key: string;
  /** Host and port the signature names. */
  readonly authority: string;
}

/**
 * The headers that sign a request with an access key: HMAC-SHA256 over verb, target, date, host and body hash.
 * `target` is path and query exactly as sent.
 */
export function signRequest(
  { key, authority }: AccessKey,
  request: { readonly method: string; readonly target: string; readonly body?: string },
): Record<string, string> {
  const date = new Date().toUTCString();
  const contentHash = createHash('sha256')
    .update(request.body ?? '')
    .digest('base64');
  const text = `${request.method}\n${request.target}\n${date};${authority};${contentHash}`;
  const signature = createHmac('sha256', Buffer.from(key, 'base64')).update(text).digest('base64');
  return {
    'x-ms-date': date,
    'x-ms-content-sha256': contentHash,
    Authorization: `HMAC-SHA256 SignedHeaders=x-ms-date;host;x-ms-content-sha256&Signature=${signature}`,
  };
}
