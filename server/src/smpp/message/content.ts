import type { DataMessage, MessageFields } from '../pdu/body.ts';
import { numberOf, octetsOf, type Tlv } from '../pdu/tlv.ts';
import { readDataCoding, type DataCoding } from './data-coding.ts';
import { kindOf, UDH_INDICATOR, type MessageKind } from './esm-class.ts';
import { partOf, readUserData, sensible, type InformationElement, type Part } from './udh.ts';

/** What a message says, wherever its sender put it. */
export interface Content {
  readonly kind: MessageKind;
  readonly coding: DataCoding;
  /** Without the user data header. A view of what was read from the wire. */
  readonly octets: Buffer;
  readonly elements: readonly InformationElement[];
  /** Undefined for a message that is whole. */
  readonly part: Part | undefined;
}

const NO_ELEMENTS: readonly InformationElement[] = [];

/**
 * Reads a message from short_message or message_payload, and which part of a longer one it is from its user data header or
 * from the SAR parameters (SMPP 3.4 sections 5.2.12 and 5.3.2.22 to 5.3.2.24).
 *
 * @returns undefined when it says that it begins with a user data header, and that is broken
 */
export function readContent(message: MessageFields | DataMessage, tlvs: readonly Tlv[]): Content | undefined {
  const octets = bodyOf(message, tlvs);
  const coding = readDataCoding(message.dataCoding);
  const kind = kindOf(message.esmClass);
  if ((message.esmClass & UDH_INDICATOR) === 0) return { kind, coding, octets, elements: NO_ELEMENTS, part: partOfSar(tlvs) };
  const userData = readUserData(octets);
  if (userData === undefined) return undefined;
  const { elements, text } = userData;
  return { kind, coding, octets: text, elements, part: partOf(elements) ?? partOfSar(tlvs) };
}

/** Section 5.3.2.32: who uses message_payload leaves short_message empty. Where both say something, the short one is what was meant for all. */
function bodyOf(message: MessageFields | DataMessage, tlvs: readonly Tlv[]): Buffer {
  const short = 'shortMessage' in message ? message.shortMessage : undefined;
  if (short !== undefined && short.length > 0) return short;
  return octetsOf(tlvs, 'message_payload') ?? Buffer.alloc(0);
}

function partOfSar(tlvs: readonly Tlv[]): Part | undefined {
  if (tlvs.length === 0) return undefined;
  const reference = numberOf(tlvs, 'sar_msg_ref_num');
  const total = numberOf(tlvs, 'sar_total_segments');
  const number = numberOf(tlvs, 'sar_segment_seqnum');
  if (reference === undefined || total === undefined || number === undefined) return undefined;
  return sensible({ reference, total, number });
}
