/** What `esm_class` says about the message, SMPP 3.4 section 5.2.12. */
export type MessageKind =
  'message' | 'receipt' | 'deliveryAcknowledgement' | 'userAcknowledgement' | 'conversationAbort' | 'intermediateReceipt';

/** The user data begins with a header. */
export const UDH_INDICATOR = 0x40;
const TYPE_BITS = 0x3c;

const KINDS: ReadonlyMap<number, MessageKind> = new Map([
  [0x04, 'receipt'],
  [0x08, 'deliveryAcknowledgement'],
  [0x10, 'userAcknowledgement'],
  [0x18, 'conversationAbort'],
  [0x20, 'intermediateReceipt'],
]);

/** `esm_class` of a delivery receipt that the SMSC makes. */
export const RECEIPT_CLASS = 0x04;

/** The kind of what an SMSC delivers, and of what an ESME submits as an answer. Unknown kinds count as messages. */
export function kindOf(esmClass: number): MessageKind {
  return KINDS.get(esmClass & TYPE_BITS) ?? 'message';
}
