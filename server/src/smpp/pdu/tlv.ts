/** An optional parameter, SMPP 3.4 section 5.3. Those we do not know are kept: the other side may mean them for somebody else. */
export interface Tlv {
  readonly tag: number;
  readonly value: Buffer;
}

/** Tags of section 5.3.2. */
export const TAG = {
  dest_addr_subunit: 0x0005,
  dest_network_type: 0x0006,
  dest_bearer_type: 0x0007,
  dest_telematics_id: 0x0008,
  source_addr_subunit: 0x000d,
  source_network_type: 0x000e,
  source_bearer_type: 0x000f,
  source_telematics_id: 0x0010,
  qos_time_to_live: 0x0017,
  payload_type: 0x0019,
  additional_status_info_text: 0x001d,
  receipted_message_id: 0x001e,
  ms_msg_wait_facilities: 0x0030,
  privacy_indicator: 0x0201,
  source_subaddress: 0x0202,
  dest_subaddress: 0x0203,
  user_message_reference: 0x0204,
  user_response_code: 0x0205,
  source_port: 0x020a,
  destination_port: 0x020b,
  sar_msg_ref_num: 0x020c,
  language_indicator: 0x020d,
  sar_total_segments: 0x020e,
  sar_segment_seqnum: 0x020f,
  sc_interface_version: 0x0210,
  callback_num_pres_ind: 0x0302,
  callback_num_atag: 0x0303,
  number_of_messages: 0x0304,
  callback_num: 0x0381,
  dpf_result: 0x0420,
  set_dpf: 0x0421,
  ms_availability_status: 0x0422,
  network_error_code: 0x0423,
  message_payload: 0x0424,
  delivery_failure_reason: 0x0425,
  more_messages_to_send: 0x0426,
  message_state: 0x0427,
  ussd_service_op: 0x0501,
  display_time: 0x1201,
  sms_signal: 0x1203,
  ms_validity: 0x1204,
  alert_on_message_delivery: 0x130c,
  its_reply_type: 0x1380,
  its_session_info: 0x1383,
} as const;

export type TagName = keyof typeof TAG;

/** The octets of the first parameter of that name; undefined when there is none. */
export function octetsOf(tlvs: readonly Tlv[], name: TagName): Buffer | undefined {
  const tag = TAG[name];
  for (const tlv of tlvs) if (tlv.tag === tag) return tlv.value;
  return undefined;
}

/** A whole number of any length up to four octets; undefined when there is none, or it is no such number. */
export function numberOf(tlvs: readonly Tlv[], name: TagName): number | undefined {
  const octets = octetsOf(tlvs, name);
  // Peers are known to send one octet where the specification has two, and the other way round: the value is the same.
  if (octets === undefined || octets.length === 0 || octets.length > 4) return undefined;
  return octets.readUIntBE(0, octets.length);
}

/** A text, up to its NUL. Some leave that out. */
export function textOf(tlvs: readonly Tlv[], name: TagName): string | undefined {
  const octets = octetsOf(tlvs, name);
  if (octets === undefined) return undefined;
  const end = octets.indexOf(0);
  return octets.toString('latin1', 0, end === -1 ? octets.length : end);
}

export function octetsTlv(name: TagName, value: Buffer): Tlv {
  return { tag: TAG[name], value };
}

/** @param bytes the length that section 5.3.2 gives the parameter */
export function numberTlv(name: TagName, value: number, bytes: 1 | 2 | 4): Tlv {
  const octets = Buffer.alloc(bytes);
  octets.writeUIntBE(value, 0, bytes);
  return { tag: TAG[name], value: octets };
}

export function textTlv(name: TagName, text: string): Tlv {
  return { tag: TAG[name], value: Buffer.from(`${text}\0`, 'latin1') };
}
