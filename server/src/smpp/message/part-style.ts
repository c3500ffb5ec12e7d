import { MAX_SHORT_MESSAGE_BYTES } from '../pdu/field.ts';
import { numberTlv, octetsTlv, type Tlv } from '../pdu/tlv.ts';
import { UDH_INDICATOR } from './esm-class.ts';
import { concatenationHeader, type Part } from './udh.ts';

/**
 * How a part of a longer message says which one it is: by a user data header with a reference of one or two octets, or by
 * the SAR parameters of SMPP 3.4 sections 5.3.2.22 to 5.3.2.24, from which the SMSC makes that header.
 */
export type PartStyle = 'udh' | 'udh16' | 'sar';

/** What to put into the PDU of a message. */
export interface Wrapped {
  /** To be combined with the other bits of `esm_class`. */
  readonly esmClass: number;
  readonly shortMessage: Buffer;
  readonly tlvs: readonly Tlv[];
}

const EMPTY = Buffer.alloc(0);

/** Wraps a part of a longer message. */
export function wrapPart(octets: Buffer, part: Part, style: PartStyle): Wrapped {
  if (style === 'sar') {
    const { reference, total, number } = part;
    const tlvs = [
      numberTlv('sar_msg_ref_num', reference & 0xffff, 2),
      numberTlv('sar_total_segments', total, 1),
      numberTlv('sar_segment_seqnum', number, 1),
    ];
    return { esmClass: 0, shortMessage: octets, tlvs };
  }
  const header = concatenationHeader(part, style === 'udh' ? 1 : 2);
  return { esmClass: UDH_INDICATOR, shortMessage: Buffer.concat([header, octets]), tlvs: [] };
}

/** Wraps a whole message: in message_payload (section 5.3.2.32) when it is too long for short_message, and then the SMSC splits it. */
export function wrapWhole(octets: Buffer): Wrapped {
  if (octets.length <= MAX_SHORT_MESSAGE_BYTES) return { esmClass: 0, shortMessage: octets, tlvs: [] };
  return { esmClass: 0, shortMessage: EMPTY, tlvs: [octetsTlv('message_payload', octets)] };
}
