/** A fault of one kind: one text of one source file, and what stands there instead. */
export interface Edit {
  /** End of the file's URL. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

/** Bugs that the tests must notice; each is put into a server as it loads its sources. */
export const PLANTS = {
  'acknowledged before the sync': {
    file: '/storage/sqlite/wal.ts',
    find: 'fdatasync(this.#fd, (error) =>',
    replace: 'setImmediate((error: Error | null = null) =>',
  },
  'dropped push': {
    file: '/chat/live/live-hub.ts',
    find: 'if (isRegistered) connection.push(tail);',
    replace: 'if (isRegistered) { if (Math.random() > 0.02) connection.push(tail); }',
  },
  'pushes in wrong order': {
    file: '/storage/sqlite/group-commit.ts',
    find: 'outcomes.flatMap((outcome) => outcome.hooks)',
    replace: 'outcomes.toReversed().flatMap((outcome) => outcome.hooks)',
  },
  'pages in wrong order': {
    file: '/chat/store/message-store.ts',
    find: 'return rows.map((row) => this.#open(thread, row));',
    replace: 'return rows.toSorted((a, b) => (b.id >> 1) - (a.id >> 1) || a.id - b.id).map((row) => this.#open(thread, row));',
  },
  'missed revocation': {
    file: '/identity/tokens/token-cache.ts',
    find: 'for (const tail of this.#byUser.get(user) ?? []) this.#byTail.delete(tail);',
    replace: '',
  },
  'duplicate message': {
    file: '/chat/message-service.ts',
    find: 'if (message === undefined) return undefined;',
    replace: 'await this.#chat.append(tx, thread, { type: wish.type, sender: caller.identity, content });',
  },
  'push to strangers': {
    file: '/chat/live/live-hub.ts',
    find: 'for (const connection of connected.get(recipient) ?? []) {',
    replace: 'for (const connection of this.#attached.keys()) {',
  },
  'lost edit': {
    file: '/chat/message-service.ts',
    find: 'if (!(await this.#chat.messages.replace(',
    replace: 'if (next.deletedAtMs !== undefined && !(await this.#chat.messages.replace(',
  },
  'lost deletion': {
    file: '/chat/message-service.ts',
    find: 'if (!(await this.#chat.messages.replace(',
    replace: 'if (next.deletedAtMs === undefined && !(await this.#chat.messages.replace(',
  },
  'lost removal': {
    file: '/chat/participant-service.ts',
    find: 'await this.#chat.participants.remove(tx, thread, { participant, lastMessageId: message.id, topic: thread.properties.topic });',
    replace: '',
  },
  'receipts go back': {
    file: '/chat/store/read-receipt-store.ts',
    find: ".where('chat_read_receipts.message_id', '<', p.message_id)",
    replace: ".where('chat_read_receipts.message_id', '<>', p.message_id)",
  },
} as const satisfies Readonly<Record<string, Edit>>;

export type Plant = keyof typeof PLANTS;

/** Names the plant to the process that it goes into. */
export const PLANT_VARIABLE = 'SWITCHBOARD_TEST_PLANT';

/** The environment of a server with this bug. */
export function planted(plant: Plant): Record<string, string> {
  return { [PLANT_VARIABLE]: plant, NODE_OPTIONS: `--import=${new URL('./planting.ts', import.meta.url).href}` };
}
