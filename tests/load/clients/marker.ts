const fence = '@@';
const textLength = 100;

/** A message text that carries its number; 100 ASCII characters that need no escaping in JSON or XML. */
export function markedText(sequence: number): string {
  return `${fence}${sequence}${fence} `.padEnd(textLength, 'lorem ipsum ');
}

/** The number of the message whose text a frame holds, or undefined when it holds none. */
export function readMarker(frame: string): number | undefined {
  const start = frame.indexOf(fence) + fence.length;
  if (start < fence.length) return undefined;
  return Number(frame.slice(start, frame.indexOf(fence, start)));
}
