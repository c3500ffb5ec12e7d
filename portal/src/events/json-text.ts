/** A value as people edit it. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value, null, 2);
}

export type Parsed = { readonly value: unknown; readonly problem?: never } | { readonly problem: string };

/** Reads what somebody typed; a problem is told in the browser's words, which say where it is. */
export function parseJson(text: string): Parsed {
  if (text.trim() === '') return { problem: 'Write a JSON value.' };
  try {
    return { value: JSON.parse(text) as unknown };
  } catch (error) {
    return { problem: `Not JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** As {@link parseJson}, of objects alone. */
export function parseObject(
  text: string,
): { readonly value: Readonly<Record<string, unknown>>; readonly problem?: never } | { readonly problem: string } {
  const parsed = parseJson(text);
  if (parsed.problem !== undefined) return parsed;
  return isObject(parsed.value) ? { value: parsed.value } : { problem: 'Must be a JSON object.' };
}

/**
 * What makes `target` of `sample` when it is merged over it by the rules of RFC 7396: all of the target, and null for the
 * members that it no longer has.
 */
export function mergePatch(sample: unknown, target: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const before = isObject(sample) ? sample : {};
  const gone = Object.keys(before).filter((key) => !Object.hasOwn(target, key));
  const kept = Object.entries(target).map(([key, value]) => [key, isObject(value) ? mergePatch(before[key], value) : value] as const);
  return Object.fromEntries([...kept, ...gone.map((key) => [key, null] as const)]);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
