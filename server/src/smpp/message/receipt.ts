import type { DataMessage, MessageFields } from '../pdu/body.ts';
import { numberOf, numberTlv, octetsOf, textOf, textTlv, type Tlv } from '../pdu/tlv.ts';
import type { Content } from './content.ts';
import { RECEIPT_CLASS } from './esm-class.ts';
import { numberOfState, stateOfNumber, type MessageState } from './message-state.ts';
import { readReceiptText, writeReceiptText, type ReceiptText, type WrittenReceipt } from './receipt-text.ts';

/** What became of a message, from the parameters of its receipt and from the text of it. */
export interface Receipt extends ReceiptText {
  /** As the SMSC wrote it; see {@link ./message-id.ts}. */
  readonly messageId: string;
  readonly state: MessageState;
  /** Network type and code of section 5.3.2.31. */
  readonly networkError?: { readonly network: number; readonly code: number };
}

/**
 * Reads what an SMSC delivered as a receipt. The parameters receipted_message_id and message_state (sections 5.3.2.12 and
 * 5.3.2.35) count more than the text, which SMPP 3.4 does not prescribe.
 *
 * @returns undefined when neither says of which message it is; a state that nobody named is `unknown`
 */
export function readReceipt(content: Content, tlvs: readonly Tlv[]): Receipt | undefined {
  const text = readReceiptText(content.octets.toString('latin1')) ?? {};
  const messageId = textOf(tlvs, 'receipted_message_id') ?? text.messageId;
  if (messageId === undefined || messageId === '') return undefined;
  const state = stateOfNumber(numberOf(tlvs, 'message_state') ?? -1) ?? text.state ?? 'unknown';
  const networkError = readNetworkError(octetsOf(tlvs, 'network_error_code'));
  return { ...text, messageId, state, ...(networkError && { networkError }) };
}

/** The parts of a deliver_sm that is a receipt. */
export function writeReceipt(
  receipt: WrittenReceipt,
): Pick<MessageFields, 'esmClass' | 'dataCoding' | 'shortMessage'> & { readonly tlvs: readonly Tlv[] } {
  return {
    esmClass: RECEIPT_CLASS,
    dataCoding: 0,
    shortMessage: Buffer.from(writeReceiptText(receipt), 'latin1'),
    tlvs: [textTlv('receipted_message_id', receipt.messageId), numberTlv('message_state', numberOfState(receipt.state), 1)],
  };
}

function readNetworkError(octets: Buffer | undefined): Receipt['networkError'] {
  return octets?.length === 3 ? { network: octets.readUInt8(0), code: octets.readUInt16BE(1) } : undefined;
}

/** `registered_delivery`, section 5.2.17: which receipts the sender of a message wants. */
export function wantsReceipt(
  { registeredDelivery }: Pick<MessageFields | DataMessage, 'registeredDelivery'>,
  outcome: 'delivered' | 'failed',
): boolean {
  const wanted = registeredDelivery & 0x03;
  return wanted === 1 || (wanted === 2 && outcome === 'failed');
}
