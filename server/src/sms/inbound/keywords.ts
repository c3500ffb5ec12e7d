/** What Azure and the carriers of North America take for an end of it, and for a beginning ("SMS FAQ: opt-out handling"; CTIA, 2023). */
const STOP: ReadonlySet<string> = new Set(['STOP', 'STOPALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT']);
const START: ReadonlySet<string> = new Set(['START', 'UNSTOP']);

/** One word, with marks and spaces around it. */
const ALONE = /^[^\p{L}\p{N}]*([a-z]+)[^\p{L}\p{N}]*$/iu;
const LONGEST = 32;

/** What a text asks for when it is nothing but a keyword, in any case of letters. HELP asks for an answer, which is for the application to give. */
export function keywordOf(text: string): 'stop' | 'start' | undefined {
  if (text.length > LONGEST) return undefined;
  const word = (ALONE.exec(text)?.[1] ?? '').toUpperCase();
  if (STOP.has(word)) return 'stop';
  return START.has(word) ? 'start' : undefined;
}
