import { compactTime, readCompactTime } from './time.ts';
import { stateOfWord, wordOfState, type MessageState } from './message-state.ts';

/** What the text of a delivery receipt says, SMPP 3.4 appendix B. SMSCs leave out what they like. */
export interface ReceiptText {
  readonly messageId?: string;
  readonly state?: MessageState;
  /** Messages that were submitted, and that were delivered. */
  readonly submitted?: number;
  readonly delivered?: number;
  /** Milliseconds since the epoch, as if the SMSC's clock showed UTC: the text does not say what it shows. */
  readonly submittedAtMs?: number;
  readonly doneAtMs?: number;
  /** A code of the network or of the SMSC; 000 is none. */
  readonly error?: string;
  /** How the message begins. */
  readonly text?: string;
}

/** What we tell in one of ours. */
export interface WrittenReceipt {
  readonly messageId: string;
  readonly state: MessageState;
  readonly submittedAtMs: number;
  readonly doneAtMs: number;
  /** Three digits. */
  readonly error: string;
  /** Its first 20 characters are told. */
  readonly text: string;
}

/** The members in any order and case; dates with a space, an underscore or nothing between their words. */
const MEMBER = /(?<=^|\s)(id|sub|dlvrd|submit[ _]?date|done[ _]?date|stat|err|text):/gi;
const TEXT_CHARACTERS = 20;

/** Reads the text of a receipt. @returns undefined when it names neither a message nor a state: then it is no receipt */
export function readReceiptText(text: string): ReceiptText | undefined {
  const members = membersOf(text);
  const id = members.get('id');
  // A sentence that happens to say id: is none.
  const messageId = id !== undefined && /\s/.test(id) ? undefined : id;
  const state = stateOfWord(members.get('stat') ?? '');
  if (messageId === undefined && state === undefined) return undefined;
  return present({
    messageId,
    state,
    submitted: count(members.get('sub')),
    delivered: count(members.get('dlvrd')),
    submittedAtMs: readDate(members.get('submitdate')),
    doneAtMs: readDate(members.get('donedate')),
    error: members.get('err'),
    text: members.get('text'),
  });
}

/** Writes the text of a receipt for one message. */
export function writeReceiptText(receipt: WrittenReceipt): string {
  const isDelivered = receipt.state === 'delivered';
  const members = [
    `id:${receipt.messageId}`,
    'sub:001',
    `dlvrd:${isDelivered ? '001' : '000'}`,
    `submit date:${compactTime(receipt.submittedAtMs, 'minutes')}`,
    `done date:${compactTime(receipt.doneAtMs, 'minutes')}`,
    `stat:${wordOfState(receipt.state)}`,
    `err:${receipt.error}`,
    `text:${receipt.text.slice(0, TEXT_CHARACTERS)}`,
  ];
  return members.join(' ');
}

/** By their names in lower case without what stands between the words. */
function membersOf(text: string): Map<string, string> {
  const members = new Map<string, string>();
  let name: string | undefined;
  let start = 0;
  for (const match of text.matchAll(MEMBER)) {
    if (name !== undefined) members.set(name, text.slice(start, match.index).trim());
    name = (match[1] ?? '').toLowerCase().replace(/[ _]/, '');
    start = match.index + match[0].length;
    // The message itself may look like a receipt.
    if (name === 'text') break;
  }
  if (name !== undefined) members.set(name, text.slice(start).trim());
  for (const [key, value] of members) if (value === '') members.delete(key);
  return members;
}

function count(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

/** `YYMMDDhhmm`; many write seconds behind, and some all four digits of the year. */
function readDate(text = ''): number | undefined {
  if (text.length === 14) return readCompactTime(text.slice(2));
  return readCompactTime(text.length === 10 ? `${text}00` : text);
}

/** Without the members that are undefined. */
function present(receipt: { readonly [K in keyof ReceiptText]: ReceiptText[K] | undefined }): ReceiptText {
  return Object.fromEntries(Object.entries(receipt).filter(([, value]) => value !== undefined));
}
