const ISO = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d{1,3})?)S)?)?$/i;
const SHORT = /^(\d+(?:\.\d+)?)(ms|[smhdw])$/i;

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** Milliseconds of an ISO 8601 duration (`P31D`, `PT15M`) or of the short form (`31d`, `15m`); undefined for anything else. */
export function parseDuration(text: string): number | undefined {
  return parseShort(text) ?? parseIso(text);
}

function parseShort(text: string): number | undefined {
  const match = SHORT.exec(text);
  return match === null ? undefined : Number(match[1]) * (UNIT_MS[(match[2] ?? '').toLowerCase()] ?? NaN);
}

function parseIso(text: string): number | undefined {
  const parts: readonly (string | undefined)[] = ISO.exec(text)?.slice(1) ?? [];
  if (!parts.some((part) => part !== undefined)) return undefined;
  const [weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = parts.map((part) => Number(part ?? 0));
  return ((weeks * 7 + days) * 24 + hours) * 3_600_000 + minutes * 60_000 + seconds * 1_000;
}
