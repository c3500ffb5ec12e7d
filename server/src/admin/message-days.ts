/** Days of a request in our terms: `Infinity` for null, which is without end; null for `default`, which takes the setting back. */
export function messageDaysOf(given: number | 'default' | null): number | null {
  if (given === 'default') return null;
  return given ?? Infinity;
}

export function wireMessageDays(days: number): number | null {
  return days === Infinity ? null : days;
}
