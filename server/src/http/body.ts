import type { IncomingMessage } from 'node:http';
import { httpErrors } from './errors.ts';

/**
 * Receives a request's body whole.
 *
 * @returns undefined when there is none
 * @throws ApiError 413 as soon as it is known to be larger than `maxBytes`, 400 when the connection ends before it does
 */
export function receiveBody(request: IncomingMessage, maxBytes: number): Promise<Buffer | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) return Promise.reject(httpErrors.tooLarge(maxBytes));
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > maxBytes) {
        // The rest is read and dropped: who is cut off while writing would never read why.
        chunks.length = 0;
        reject(httpErrors.tooLarge(maxBytes));
      } else chunks.push(chunk);
    });
    request.on('end', () => resolve(chunks.length === 1 ? chunks[0] : length === 0 ? undefined : Buffer.concat(chunks)));
    const onCut = (): void => {
      if (!request.readableEnded) reject(httpErrors.bodyCutOff());
    };
    request.on('error', onCut);
    request.on('close', onCut);
    // Gone while its credentials were looked up: no event is to come any more.
    if (request.destroyed) onCut();
  });
}

/** GET and HEAD carry nothing that means anything (RFC 9110 section 9.3.1); what they carry is dropped unread. */
export function mayHaveBody(method: string): boolean {
  return method !== 'GET' && method !== 'HEAD';
}
