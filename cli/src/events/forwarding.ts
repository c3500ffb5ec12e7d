import type { EventGridEvent, ListenerDelivery } from '@switchboard/contract';

/** What came of forwarding a delivery. */
export interface Forwarded {
  /** Undefined when there was no answer. */
  readonly status: number | undefined;
  /** Beginning of the answer, or what went wrong. */
  readonly detail: string;
  readonly durationMs: number;
}

/** Just below the time after which the server gives up. */
const TIMEOUT_MS = 29_000;
const DETAIL_CHARACTERS = 1_000;

/** Sends a delivery on to an application, as the webhook call it would have been. */
export async function forward({ headers, body }: ListenerDelivery, to: URL): Promise<Forwarded> {
  const startedMs = performance.now();
  const durationMs = (): number => Math.round(performance.now() - startedMs);
  try {
    const answer = await fetch(to, {
      method: 'POST',
      headers: headers.map(({ name, value }): [string, string] => [name, value]),
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return { status: answer.status, detail: (await answer.text()).slice(0, DETAIL_CHARACTERS), durationMs: durationMs() };
  } catch (error) {
    return { status: undefined, detail: reasonOf(error), durationMs: durationMs() };
  }
}

/** The events of a delivery, whichever its schema, as far as lines about them need. */
export function eventsIn({ body }: ListenerDelivery): readonly { readonly type: string; readonly subject: string }[] {
  const parsed = JSON.parse(body) as
    Partial<EventGridEvent & { readonly type: string }> | Partial<EventGridEvent & { readonly type: string }>[];
  return [parsed].flat().map(({ eventType, type, subject }) => ({ type: eventType ?? type ?? '', subject: subject ?? '' }));
}

/** `fetch` hides the reason behind "fetch failed". */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (!(cause instanceof Error)) return String(cause);
  // Node names several addresses at once without a message.
  return cause.message === '' ? ((cause as NodeJS.ErrnoException).code ?? cause.name) : cause.message;
}
