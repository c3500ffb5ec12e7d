import type { RawAnswer } from './raw-request.ts';
import type { TestServer } from './server.ts';

/** What the server remembers of a request. */
export interface RememberedRequest {
  readonly status: number;
  readonly rule?: string;
  readonly cause?: string;
  readonly cure?: string;
}

/** What `GET /admin/requests/{id}` tells of the request that was answered so. */
export async function whyOf(server: TestServer, answer: RawAnswer): Promise<RememberedRequest> {
  const { body } = await server.admin<RememberedRequest>('GET', `/admin/requests/${String(answer.headers['x-ms-request-id'])}`);
  return body;
}
