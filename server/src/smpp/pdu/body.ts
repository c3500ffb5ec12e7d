import type { Tlv } from './tlv.ts';

/** Type of number, numbering plan and digits (or letters), SMPP 3.4 sections 5.2.5 to 5.2.9. */
export interface Address {
  readonly ton: number;
  readonly npi: number;
  readonly address: string;
}

export type BindCommand = 'bind_receiver' | 'bind_transmitter' | 'bind_transceiver';

/** Section 4.1. */
export interface Bind {
  readonly command: BindCommand;
  readonly systemId: string;
  readonly password: string;
  readonly systemType: string;
  readonly interfaceVersion: number;
  /** Which addresses the ESME serves, section 5.2.7; `address` may be a regular expression of appendix A. */
  readonly addressRange: Address;
}

export interface BindAnswer {
  readonly command: 'bind_receiver_resp' | 'bind_transmitter_resp' | 'bind_transceiver_resp';
  readonly systemId: string;
}

/** Section 4.1.7. */
export interface Outbind {
  readonly command: 'outbind';
  readonly systemId: string;
  readonly password: string;
}

/** What submit_sm, deliver_sm and submit_multi say besides where to, sections 4.4.1, 4.5.1 and 4.6.1. */
export interface MessageFields {
  readonly serviceType: string;
  readonly source: Address;
  readonly esmClass: number;
  readonly protocolId: number;
  readonly priority: number;
  /** A time of section 7.1.1, or empty for at once. */
  readonly scheduleDeliveryTime: string;
  /** A time of section 7.1.1, or empty for what the SMSC holds right. */
  readonly validityPeriod: string;
  readonly registeredDelivery: number;
  readonly replaceIfPresent: number;
  readonly dataCoding: number;
  readonly defaultMessageId: number;
  /** At most 254 octets; more go into the TLV message_payload, and then this is empty. */
  readonly shortMessage: Buffer;
}

/** A short message: towards the SMSC (section 4.4) or from it (section 4.6). */
export interface Message extends MessageFields {
  readonly command: 'submit_sm' | 'deliver_sm';
  readonly destination: Address;
}

/** A member of submit_multi's list, section 4.5.1.1. */
export type Destination =
  { readonly kind: 'address'; readonly address: Address } | { readonly kind: 'distributionList'; readonly name: string };

/** Section 4.5. */
export interface SubmitMulti extends MessageFields {
  readonly command: 'submit_multi';
  readonly destinations: readonly Destination[];
}

/** Section 4.7: the message itself is in the TLV message_payload. */
export interface DataMessage {
  readonly command: 'data_sm';
  readonly serviceType: string;
  readonly source: Address;
  readonly destination: Address;
  readonly esmClass: number;
  readonly registeredDelivery: number;
  readonly dataCoding: number;
}

export interface MessageAnswer {
  readonly command: 'submit_sm_resp' | 'deliver_sm_resp' | 'data_sm_resp';
  /** Empty in deliver_sm_resp (section 4.6.2), and where the message was refused. */
  readonly messageId: string;
}

export interface SubmitMultiAnswer {
  readonly command: 'submit_multi_resp';
  readonly messageId: string;
  readonly unsuccessful: readonly { readonly address: Address; readonly status: number }[];
}

/** Section 4.8. */
export interface Query {
  readonly command: 'query_sm';
  readonly messageId: string;
  readonly source: Address;
}

export interface QueryAnswer {
  readonly command: 'query_sm_resp';
  readonly messageId: string;
  /** An absolute time of section 7.1.1; empty while the message has no final state. */
  readonly finalDate: string;
  readonly messageState: number;
  readonly errorCode: number;
}

/** Section 4.9. */
export interface Cancel {
  readonly command: 'cancel_sm';
  readonly serviceType: string;
  readonly messageId: string;
  readonly source: Address;
  readonly destination: Address;
}

/** Section 4.10. */
export interface Replace {
  readonly command: 'replace_sm';
  readonly messageId: string;
  readonly source: Address;
  readonly scheduleDeliveryTime: string;
  readonly validityPeriod: string;
  readonly registeredDelivery: number;
  readonly defaultMessageId: number;
  readonly shortMessage: Buffer;
}

/** Section 4.12. */
export interface AlertNotification {
  readonly command: 'alert_notification';
  readonly source: Address;
  readonly esme: Address;
}

/** A request that has nothing to say but its name. */
export interface BareRequest {
  readonly command: 'unbind' | 'enquire_link';
}

export interface BareAnswer {
  readonly command: 'unbind_resp' | 'enquire_link_resp' | 'cancel_sm_resp' | 'replace_sm_resp' | 'generic_nack';
}

/** What a session's user asks the other side. */
export type Request = Message | SubmitMulti | DataMessage | Query | Cancel | Replace;

export type Answer = BindAnswer | MessageAnswer | SubmitMultiAnswer | QueryAnswer | BareAnswer;

export type Body = Request | Bind | Outbind | AlertNotification | BareRequest | Answer;

export type Command = Body['command'];

/** One protocol data unit, section 3.2, without the length that its bytes have. */
export interface Pdu<B extends Body = Body> {
  readonly sequence: number;
  /** 0 in requests; a value of section 5.1.3 in answers. */
  readonly status: number;
  readonly body: B;
  readonly tlvs: readonly Tlv[];
}
