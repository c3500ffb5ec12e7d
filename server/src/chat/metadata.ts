import type { Limits } from '../limits/index.ts';
import type { Metadata } from './content.ts';

/** @throws ApiError 400 when keys and values together are longer than the limit */
export function checkMetadata(metadata: Metadata | undefined, context: { readonly limits: Limits; readonly target: string }): void {
  if (metadata === undefined) return;
  const characters = Object.entries(metadata).reduce((sum, [key, value]) => sum + key.length + value.length, 0);
  context.limits.atMost('chat.metadata-characters', characters, context.target);
}

/** Merge patch of RFC 7396 on a flat map: null removes a key, null as a whole removes all. */
export function mergeMetadata(
  old: Metadata | undefined,
  patch: Readonly<Record<string, string | null>> | null | undefined,
): Metadata | undefined {
  if (patch === undefined) return old;
  if (patch === null) return undefined;
  const merged = new Map(Object.entries(old ?? {}));
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) merged.delete(key);
    else merged.set(key, value);
  }
  return merged.size === 0 ? undefined : Object.fromEntries(merged);
}
