import type { DeliveryReport, SendSmsResult } from '@switchboard/contract';
import { jsonOf, type RawAnswer } from './raw-request.ts';
import type { TestServer } from './server.ts';
import { signedRequest } from './signed-request.ts';

const NEWEST = '2026-01-23';

/** Every published version of the API. */
export const SMS_API_VERSIONS = [
  '2021-03-07',
  '2024-02-05-preview',
  '2024-12-10-preview',
  '2025-05-29-preview',
  '2025-08-01-preview',
  NEWEST,
] as const;

/** A problem document, as SMS answers what is wrong with a request. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly errors: Readonly<Record<string, readonly string[]>>;
  readonly traceId: string;
}

/** Sends by REST. @param body as it goes over the wire */
export function postSms(connectionString: string, body: unknown, version: string = NEWEST): Promise<RawAnswer> {
  return signedRequest(connectionString, { method: 'POST', path: `/sms?api-version=${version}`, body });
}

/** @throws Error when the request was refused as a whole */
export async function sendSms(connectionString: string, body: unknown, version?: string): Promise<readonly SendSmsResult[]> {
  const answer = await postSms(connectionString, body, version);
  if (answer.status !== 202) throw new Error(`the request was refused: ${answer.status} ${answer.text}`);
  return jsonOf<{ readonly value: readonly SendSmsResult[] }>(answer).value;
}

export function getReport(connectionString: string, messageId: string): Promise<RawAnswer> {
  return signedRequest(connectionString, { method: 'GET', path: `/deliveryReports/${messageId}?api-version=${NEWEST}` });
}

/** The report of a message, as soon as there is one. */
export async function reportOf({ connectionString }: Pick<TestServer, 'connectionString'>, messageId: string): Promise<DeliveryReport> {
  for (;;) {
    const answer = await getReport(connectionString, messageId);
    if (answer.status === 200) return jsonOf<DeliveryReport>(answer);
  }
}
