export type EngineKind = 'sqlite' | 'postgres';

/** What both engines store without conversion: text, 53-bit integers, bytes, null. */
export type SqlValue = string | number | Uint8Array | null;
