import type { AdminSmsMessage } from '@switchboard/contract';
import type { AdminAnswer, TestServer } from './server.ts';

/** What became of a text that a phone has sent. */
interface PhoneResult {
  readonly status: string;
  readonly statusDetails?: string;
  readonly messageId?: string;
  readonly segmentCount: number;
}

export interface PhoneText {
  readonly from: string;
  readonly to: string;
  readonly message: string;
  readonly resource?: string;
}

/** A phone texts one of our numbers. */
export function textFrom(server: TestServer, text: PhoneText): Promise<AdminAnswer<PhoneResult>> {
  return server.admin('POST', '/admin/sms/inbound', text);
}

/** Text messages of a resource, newest first. */
export async function smsMessages(server: TestServer, query: Readonly<Record<string, string>> = {}): Promise<AdminSmsMessage[]> {
  const { status, body } = await server.admin<{ value: AdminSmsMessage[] }>(
    'GET',
    `/admin/sms/messages?${new URLSearchParams(query).toString()}`,
  );
  if (status !== 200) throw new Error(`the messages were refused: ${status} ${JSON.stringify(body)}`);
  return body.value;
}

/** Lets an endpoint hear of text messages. */
export async function subscribeToSms(server: TestServer, endpointUrl: string, ...types: readonly string[]): Promise<void> {
  const includedEventTypes = types.map((type) => `Microsoft.Communication.${type}`);
  const { status, body } = await server.admin('POST', '/admin/events/subscriptions', {
    name: `sms-${crypto.randomUUID()}`,
    endpointUrl,
    includedEventTypes,
  });
  if (status !== 201) throw new Error(`the subscription was refused: ${JSON.stringify(body)}`);
}
