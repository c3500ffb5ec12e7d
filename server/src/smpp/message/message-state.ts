/** States of a message, SMPP 3.4 section 5.2.28, by their number. */
const STATES = [
  'scheduled',
  'enroute',
  'delivered',
  'expired',
  'deleted',
  'undeliverable',
  'accepted',
  'unknown',
  'rejected',
  'skipped',
] as const;

/** `scheduled` and `skipped` are of SMPP 5.0; SMSCs send them within sessions of 3.4 too. */
export type MessageState = (typeof STATES)[number];

/** Words for them in the text of a receipt, appendix B. */
const WORDS: Readonly<Record<MessageState, string>> = {
  scheduled: 'SCHEDLD',
  enroute: 'ENROUTE',
  delivered: 'DELIVRD',
  expired: 'EXPIRED',
  deleted: 'DELETED',
  undeliverable: 'UNDELIV',
  accepted: 'ACCEPTD',
  unknown: 'UNKNOWN',
  rejected: 'REJECTD',
  skipped: 'SKIPPED',
};

export function stateOfNumber(value: number): MessageState | undefined {
  return STATES[value];
}

export function numberOfState(state: MessageState): number {
  return STATES.indexOf(state);
}

export function wordOfState(state: MessageState): string {
  return WORDS[state];
}

/** Some SMSCs write the words out (DELIVERED) or cut them elsewhere (UNDELIVERABLE, REJECTED): the first five letters tell. */
export function stateOfWord(word: string): MessageState | undefined {
  const start = word.toUpperCase().slice(0, 5);
  return STATES.find((state) => start.length === 5 && WORDS[state].startsWith(start));
}
