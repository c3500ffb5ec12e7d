import type { HttpAnswer, Sender } from '../../../egress/index.ts';
import type { ConsentAnswer } from './consent.ts';
import { refusalOf } from './validation-event.ts';

export interface OptionsQuestion {
  readonly url: URL;
  /** Our host name. */
  readonly origin: string;
  readonly callback: string;
  readonly timeoutMs: number;
}

/** Handlers written for the cloud service often allow it by name. */
const SERVICE_ORIGIN = 'eventgrid.azure.net';
/** Requests a minute that we ask for: more than a webhook will see, so that one that repeats the number holds nothing up. */
const WANTED_RATE = 60_000;

/** Asks as CloudEvents webhooks are ("HTTP 1.1 Web Hooks for Event Delivery", section 4): the endpoint allows our origin. */
export async function askByOptions(client: Sender, { url, origin, callback, timeoutMs }: OptionsQuestion): Promise<ConsentAnswer> {
  const headers = {
    'webhook-request-origin': origin,
    'webhook-request-callback': callback,
    'webhook-request-rate': String(WANTED_RATE),
  };
  try {
    return answerOf(await client.send({ method: 'OPTIONS', url, headers, timeoutMs }), origin);
  } catch (error) {
    return refusalOf(error);
  }
}

/** The status is no consent by itself, and none is needed beside the header. */
function answerOf({ status, headers }: HttpAnswer, origin: string): ConsentAnswer {
  const allowed = textOf(headers['webhook-allowed-origin'])
    .split(',')
    .map((one) => one.trim().toLowerCase());
  if (allowed.some((one) => one === '*' || one === origin.toLowerCase() || one === SERVICE_ORIGIN)) {
    const ratePerMinute = allowedRate(textOf(headers['webhook-allowed-rate']));
    return { kind: 'consent', ...(ratePerMinute === undefined ? {} : { ratePerMinute }) };
  }
  if (allowed.join('') !== '')
    return { kind: 'refusal', reason: `its WebHook-Allowed-Origin names neither ${origin} nor *`, isFinal: false };
  if (status >= 200 && status <= 299)
    return { kind: 'later', reason: 'its answer has no WebHook-Allowed-Origin; the callback URL that it was sent must be opened' };
  return { kind: 'refusal', reason: `it answered OPTIONS with ${status} and without WebHook-Allowed-Origin`, isFinal: false };
}

/** Requests a minute; undefined for any number (`*`), and for what is no number. */
export function allowedRate(text: string): number | undefined {
  const rate = /^\d{1,9}$/.test(text.trim()) ? Number(text) : 0;
  return rate > 0 ? rate : undefined;
}

function textOf(header: string | string[] | undefined): string {
  return Array.isArray(header) ? header.join(',') : (header ?? '');
}
