import { findAdminSmsMessages, receiveAdminSms } from '@switchboard/contract';
import { type HttpServer, reply, TextMatch, waitMsOf } from '../../../http/index.ts';
import type { ResourceService } from '../../../resources/index.ts';
import { numberSince, type Sms } from '../../../sms/index.ts';
import { DEFAULT_RESOURCE } from '../resources.ts';

export interface SmsRoutes {
  readonly sms: Sms;
  readonly resources: ResourceService;
}

/** Text messages for testers: what was sent and received, and phones that write. */
export function registerSmsRoutes(http: HttpServer, { sms, resources }: SmsRoutes): void {
  http.route(findAdminSmsMessages, async (call) => {
    const { resource, direction, from, to, number, status, since, match, count = 1, wait } = call.query;
    const query = {
      resourceId: resources.byName(resource ?? DEFAULT_RESOURCE).id,
      direction,
      from: from && readNumber(from),
      to: to && readNumber(to),
      number: number && readNumber(number),
      status,
      fromNo: numberSince(since),
      match: match === undefined ? undefined : new TextMatch(match),
    };
    const found = await sms.inbox.find(query, {
      count,
      waitMs: waitMsOf(wait),
      whenOver: (end) => call.onAbandoned(end),
      outside: (waiting) => http.gate.outside(waiting),
    });
    return reply(200, { value: found.map(({ shown }) => shown) });
  });

  http.route(receiveAdminSms, async ({ body }) => {
    const { resource, from, to, message: text } = body;
    const resourceId = resource ? resources.byName(resource).id : undefined;
    const { segmentCount, received } = await sms.phones.send({ from, to, text, resourceId });
    if (received === undefined) return reply(202, { status: 'sent', segmentCount });
    const { state: status, detail, messageId } = received;
    return reply(202, { status, ...(detail === undefined ? {} : { statusDetails: detail }), messageId, segmentCount });
  });
}

/** A plus sign in a query that was not encoded arrives as a space. */
function readNumber(text: string): string {
  return text.replace(/^ (?=\d)/, '+');
}
