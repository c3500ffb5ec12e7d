import type { SendSmsResult } from '@switchboard/contract';
import { buy, listOf, numbersClient } from '../../lib/phone-numbers.ts';
import type { Ground } from './ground.ts';

const VERSION = '?api-version=2026-01-23';
const PHONE = '+14255550123';

/** A number that sends, and a message that it sent. @returns path parameters */
export async function smsScene(ground: Ground, marker: string): Promise<Record<string, string>> {
  const from = await sendingNumber(ground);
  const { text } = await ground.signed('POST', `/sms${VERSION}`, JSON.stringify({ from, to: PHONE, message: marker }));
  const { value } = JSON.parse(text) as { readonly value: readonly [SendSmsResult] };
  const values = { smsNumber: from, outgoingMessageId: value[0].messageId ?? '' };
  // A virtual clock waits for what is under way; and a number may send a hundred a second, which a clock that stands still never ends.
  await ground.server.admin('POST', '/admin/clock:advance', { by: 'PT0.02S' });
  return values;
}

/** Bodies of operations about text messages, whose meaning a schema does not tell. */
export function smsBodies({ smsNumber }: Readonly<Record<string, string>>): Readonly<Record<string, () => unknown>> {
  const optOut = () => ({ from: smsNumber, recipients: [{ to: '+14255550199' }] });
  return {
    Sms_Send: () => ({ from: smsNumber, message: 'Hello', smsRecipients: [{ to: PHONE }] }),
    OptOuts_Add: optOut,
    OptOuts_Check: optOut,
    OptOuts_Remove: optOut,
    Admin_ReceiveSms: () => ({ from: PHONE, to: smsNumber, message: 'Hello' }),
  };
}

/** One for all scenes, unless the state was reset meanwhile. */
async function sendingNumber({ server }: Ground): Promise<string> {
  const client = numbersClient(server.connectionString);
  const owned = (await listOf(client.listPurchasedPhoneNumbers())).find(({ capabilities }) => capabilities.sms === 'inbound+outbound');
  return owned?.phoneNumber ?? ((await buy(client)) as [string])[0];
}
