/** Numbers of one millisecond. */
const IN_A_MILLISECOND = 1024;
/** Beyond it numbers would not be exact any more. */
const LATEST_MS = Math.floor(Number.MAX_SAFE_INTEGER / IN_A_MILLISECOND) - 1;

/**
 * Numbers messages in the order of their making: the keys of their rows. They hold the time, so that what is old stands together,
 * and rise whatever the clock does.
 */
export class MessageNumbers {
  #last: number;

  /** @param last the highest that was given so far */
  constructor(last = 0) {
    this.#last = last;
  }

  next(nowMs: number): number {
    return (this.#last = Math.max(this.#last + 1, firstNumberOf(nowMs)));
  }

  /** Goes on behind another number: everything stored was replaced. */
  goOnAfter(last: number): void {
    this.#last = last;
  }
}

/** The lowest number of what is made at a time. */
export function firstNumberOf(atMs: number): number {
  return Math.min(Math.max(0, atMs), LATEST_MS) * IN_A_MILLISECOND;
}

/** What a message is to its carriers: which side it comes from. */
type Direction = 'Outgoing' | 'Incoming';

/**
 * An id in the form that Azure gives: direction, time, UUID. The UUID is one of version 7 (RFC 9562 section 5.7) that holds the number
 * of the message, so that the row is found by its key.
 */
export function messageIdOf(
  direction: Direction,
  no: number,
  { atMs, chance }: { readonly atMs: number; readonly chance: Buffer },
): string {
  const milliseconds = Math.floor(no / IN_A_MILLISECOND)
    .toString(16)
    .padStart(12, '0');
  const count = (no % IN_A_MILLISECOND).toString(16).padStart(3, '0');
  chance[0] = ((chance[0] ?? 0) & 0x3f) | 0x80;
  const rest = chance.toString('hex', 0, CHANCE_BYTES);
  const uuid = `${milliseconds.slice(0, 8)}-${milliseconds.slice(8)}-7${count}-${rest.slice(0, 4)}-${rest.slice(4)}`;
  return `${direction}_${secondsOf(atMs)}${uuid}`;
}

/** Random bytes in an id. */
export const CHANCE_BYTES = 8;

const FORM = /^(?:Outgoing|Incoming)_\d{14}([\da-f]{8})-([\da-f]{4})-7([\da-f]{3})-[\da-f]{4}-[\da-f]{12}$/;

/** The number in an id; undefined for what is none of ours. */
export function numberInId(messageId: string): number | undefined {
  const [, high, low, count] = FORM.exec(messageId) ?? [];
  if (high === undefined || low === undefined || count === undefined) return undefined;
  const no = Number.parseInt(`${high}${low}`, 16) * IN_A_MILLISECOND + Number.parseInt(count, 16);
  return Number.isSafeInteger(no) ? no : undefined;
}

let second = -1;
let secondText = '';

/** `yyyyMMddHHmmss` in UTC. */
function secondsOf(atMs: number): string {
  const now = Math.floor(atMs / 1_000);
  if (now !== second) {
    second = now;
    secondText = new Date(now * 1_000).toISOString().replaceAll(/\D/g, '').slice(0, 14);
  }
  return secondText;
}

/** What concatenation headers name a message by: spread, because messages that follow one another go to the same phones. */
export function referenceOf(no: number): number {
  // The multiplier of Knuth's multiplicative hashing, over both halves of the number.
  const mixed = Math.imul((no % 2 ** 32) ^ Math.floor(no / 2 ** 32), 0x9e3779b1);
  return mixed >>> 16;
}
