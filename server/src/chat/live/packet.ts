/**
 * Packets of socket.io 0.9, `type:[id][+]:[endpoint]:[data]`, and the framing in which long polling carries several.
 * Payloads of messages stay text: the caller decides whether they are worth parsing.
 */
export type Packet =
  | { readonly type: 'disconnect'; readonly endpoint: string; readonly reason: string }
  | { readonly type: 'connect'; readonly endpoint: string; readonly query: string }
  | { readonly type: 'heartbeat' }
  | { readonly type: 'message'; readonly endpoint: string; readonly ack: AckRequest | undefined; readonly data: string }
  | { readonly type: 'json'; readonly endpoint: string; readonly ack: AckRequest | undefined; readonly value: unknown }
  | {
      readonly type: 'event';
      readonly endpoint: string;
      readonly ack: AckRequest | undefined;
      readonly name: string;
      readonly args: readonly unknown[];
    }
  | { readonly type: 'ack'; readonly endpoint: string; readonly ackId: number; readonly args: readonly unknown[] | undefined }
  | { readonly type: 'error'; readonly endpoint: string; readonly reason: string; readonly advice: string }
  | { readonly type: 'noop' };

/** The sender wants an `ack` packet with this id; `withData`: with arguments (`id+`). */
export interface AckRequest {
  readonly id: number;
  readonly withData: boolean;
}

export type PacketResult = { readonly ok: true; readonly packet: Packet } | { readonly ok: false; readonly reason: PacketFault };
export type PayloadResult =
  { readonly ok: true; readonly packets: readonly string[] } | { readonly ok: false; readonly reason: PacketFault };

export type PacketFault = 'too long' | 'too many packets' | 'bad framing' | 'bad type' | 'bad id' | 'bad json' | 'bad event' | 'bad ack';

export const MAX_PACKET_CHARS = 65_536;
export const MAX_PAYLOAD_PACKETS = 256;

/** The packet types by their number on the wire. */
const TYPES = ['disconnect', 'connect', 'heartbeat', 'message', 'json', 'event', 'ack', 'error', 'noop'] as const;
/** At most 15 digits, so that every id is a safe integer. */
const ID = /^([0-9]{1,15})(\+?)$/;
const ACK = /^([0-9]{1,15})(?:\+([^]*))?$/;
const FRAME_MARK = '\ufffd';
const FRAME_HEAD = /\ufffd([0-9]{1,9})\ufffd/y;
const NON_ASCII = /[\u0080-\uffff]/g;

/** The three parts in front of the data, and the data. */
interface Envelope {
  readonly type: (typeof TYPES)[number];
  readonly ack: AckRequest | undefined;
  readonly endpoint: string;
  readonly data: string;
}

/** Parses one packet. Never throws; a text longer than MAX_PACKET_CHARS is refused unread. */
export function parsePacket(text: string): PacketResult {
  if (text.length > MAX_PACKET_CHARS) return fault('too long');
  const type = TYPES[text.charCodeAt(0) - 0x30];
  if (type === undefined || text[1] !== ':') return fault('bad type');
  const idEnd = text.indexOf(':', 2);
  if (idEnd < 0) return fault('bad framing');
  const id = text.slice(2, idEnd);
  const match = ID.exec(id);
  if (match === null && id !== '') return fault('bad id');
  const ack = match === null ? undefined : { id: Number(match[1]), withData: match[2] === '+' };
  const colon = text.indexOf(':', idEnd + 1);
  const endpointEnd = colon < 0 ? text.length : colon;
  return parseBody({ type, ack, endpoint: text.slice(idEnd + 1, endpointEnd), data: text.slice(endpointEnd + 1) });
}

/**
 * The text of a packet. JSON in it is ASCII (see {@link asciiJson}), so the whole is whenever `endpoint` and plain texts are.
 *
 * @throws RangeError for values nested too deeply to be written, which parsing accepts: do not echo what a client sent
 */
export function encodePacket(packet: Packet): string {
  const type = TYPES.indexOf(packet.type);
  switch (packet.type) {
    case 'heartbeat':
    case 'noop':
      return `${type}::`;
    case 'disconnect':
      return `${type}::${packet.endpoint}${tail(packet.reason)}`;
    case 'connect':
      return `${type}::${packet.endpoint}${tail(packet.query)}`;
    case 'message':
      return `${type}:${idOf(packet.ack)}:${packet.endpoint}:${packet.data}`;
    case 'json':
      return `${type}:${idOf(packet.ack)}:${packet.endpoint}:${asciiJson(packet.value)}`;
    case 'event':
      return `${type}:${idOf(packet.ack)}:${packet.endpoint}:${asciiJson({ name: packet.name, args: packet.args })}`;
    case 'ack':
      return `${type}::${packet.endpoint}:${packet.ackId}${packet.args === undefined ? '' : `+${asciiJson(packet.args)}`}`;
    case 'error':
      return `${type}::${packet.endpoint}:${packet.reason}${packet.advice === '' ? '' : `+${packet.advice}`}`;
  }
}

/** JSON with everything beyond ASCII as `\u` escapes: its length in bytes is its length in characters. */
export function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(NON_ASCII, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Joins packets for long polling; lengths count UTF-16 units. A single packet goes without framing. */
export function encodePayload(packets: readonly string[]): string {
  const [first, ...others] = packets;
  if (first !== undefined && others.length === 0) return first;
  return packets.map((packet) => `${FRAME_MARK}${packet.length}${FRAME_MARK}${packet}`).join('');
}

/** Splits a long-polling payload into the texts of its packets. Never throws. */
export function decodePayload(payload: string): PayloadResult {
  if (!payload.startsWith(FRAME_MARK)) return { ok: true, packets: payload === '' ? [] : [payload] };
  const packets: string[] = [];
  for (let at = 0; at < payload.length;) {
    if (packets.length === MAX_PAYLOAD_PACKETS) return fault('too many packets');
    FRAME_HEAD.lastIndex = at;
    const length = FRAME_HEAD.exec(payload)?.[1];
    const start = FRAME_HEAD.lastIndex;
    const end = start + Number(length ?? Infinity);
    if (end > payload.length) return fault('bad framing');
    packets.push(payload.slice(start, end));
    at = end;
  }
  return { ok: true, packets };
}

function parseBody({ type, ack, endpoint, data }: Envelope): PacketResult {
  switch (type) {
    case 'heartbeat':
    case 'noop':
      return { ok: true, packet: { type } };
    case 'disconnect':
      return { ok: true, packet: { type, endpoint, reason: data } };
    case 'connect':
      return { ok: true, packet: { type, endpoint, query: data } };
    case 'message':
      return { ok: true, packet: { type, endpoint, ack, data } };
    case 'json': {
      const json = parseJson(data);
      return json === undefined ? fault('bad json') : { ok: true, packet: { type, endpoint, ack, value: json.value } };
    }
    case 'event':
      return parseEvent({ endpoint, ack, data });
    case 'ack':
      return parseAck(endpoint, data);
    case 'error':
      return { ok: true, packet: { type, endpoint, ...parseError(data) } };
  }
}

function parseEvent({ endpoint, ack, data }: Omit<Envelope, 'type'>): PacketResult {
  const json = parseJson(data);
  if (json === undefined) return fault('bad json');
  // Any value can be looked into as an object; what is found is checked below.
  const event = Object(json.value) as { readonly name?: unknown; readonly args?: unknown };
  const args: unknown = event.args ?? [];
  if (typeof event.name !== 'string' || !Array.isArray(args)) return fault('bad event');
  return { ok: true, packet: { type: 'event', endpoint, ack, name: event.name, args } };
}

function parseAck(endpoint: string, data: string): PacketResult {
  const match = ACK.exec(data);
  if (match === null) return fault('bad ack');
  const ackId = Number(match[1]);
  // An absent group is typed as text, but is undefined.
  const argsText: string | undefined = match[2];
  if (argsText === undefined || argsText === '') return { ok: true, packet: { type: 'ack', endpoint, ackId, args: undefined } };
  const json = parseJson(argsText);
  if (json === undefined) return fault('bad json');
  return Array.isArray(json.value) ? { ok: true, packet: { type: 'ack', endpoint, ackId, args: json.value } } : fault('bad ack');
}

function parseError(data: string): { readonly reason: string; readonly advice: string } {
  const plus = data.indexOf('+');
  return plus < 0 ? { reason: data, advice: '' } : { reason: data.slice(0, plus), advice: data.slice(plus + 1) };
}

/** Undefined: not JSON. */
function parseJson(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

function fault(reason: PacketFault): { readonly ok: false; readonly reason: PacketFault } {
  return { ok: false, reason };
}

function idOf(ack: AckRequest | undefined): string {
  return ack === undefined ? '' : `${ack.id}${ack.withData ? '+' : ''}`;
}

/** Data that may be left out together with its colon. */
function tail(data: string): string {
  return data === '' ? '' : `:${data}`;
}
