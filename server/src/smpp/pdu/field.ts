import { STATUS } from './status.ts';

/** A mandatory parameter that is a C-octet string, SMPP 3.4 section 3.1. */
export interface TextField {
  readonly name: string;
  /** With the NUL at its end. */
  readonly maxBytes: number;
  /** What is answered to a value that does not fit. */
  readonly status: number;
}

/** Sizes are those of the tables in chapter 4. */
export const FIELD = {
  systemId: { name: 'system_id', maxBytes: 16, status: STATUS.ESME_RINVSYSID },
  password: { name: 'password', maxBytes: 9, status: STATUS.ESME_RINVPASWD },
  systemType: { name: 'system_type', maxBytes: 13, status: STATUS.ESME_RINVSYSTYP },
  addressRange: { name: 'address_range', maxBytes: 41, status: STATUS.ESME_RBINDFAIL },
  serviceType: { name: 'service_type', maxBytes: 6, status: STATUS.ESME_RINVSERTYP },
  source: { name: 'source_addr', maxBytes: 21, status: STATUS.ESME_RINVSRCADR },
  destination: { name: 'destination_addr', maxBytes: 21, status: STATUS.ESME_RINVDSTADR },
  /** data_sm and alert_notification leave room for other kinds of addresses (sections 4.7.1 and 4.12.1). */
  longSource: { name: 'source_addr', maxBytes: 65, status: STATUS.ESME_RINVSRCADR },
  longDestination: { name: 'destination_addr', maxBytes: 65, status: STATUS.ESME_RINVDSTADR },
  esme: { name: 'esme_addr', maxBytes: 65, status: STATUS.ESME_RINVDSTADR },
  distributionList: { name: 'dl_name', maxBytes: 21, status: STATUS.ESME_RINVDLNAME },
  messageId: { name: 'message_id', maxBytes: 65, status: STATUS.ESME_RINVMSGID },
  scheduleDeliveryTime: { name: 'schedule_delivery_time', maxBytes: 17, status: STATUS.ESME_RINVSCHED },
  validityPeriod: { name: 'validity_period', maxBytes: 17, status: STATUS.ESME_RINVEXPIRY },
  finalDate: { name: 'final_date', maxBytes: 17, status: STATUS.ESME_RINVPARLEN },
} as const satisfies Record<string, TextField>;

/** Octets of a short message, section 5.2.22. */
export const MAX_SHORT_MESSAGE_BYTES = 254;
/** Members of submit_multi, section 5.2.24. */
export const MAX_DESTINATIONS = 254;
/** Sequence numbers run from 1 to this, section 3.2. */
export const MAX_SEQUENCE = 0x7fff_ffff;
export const HEADER_BYTES = 16;
/** The longest PDU there can be: a message_payload of 65,535 octets, and everything else of a submit_multi with 254 members. */
export const MAX_PDU_BYTES = 75_000;
