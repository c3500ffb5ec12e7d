import { addOptOuts, checkOptOuts, getDeliveryReport, removeOptOuts, sendSms } from '@switchboard/contract';
import { type HttpServer, reply } from '../../http/index.ts';
import type { OptOutService } from '../opt-outs/opt-out-service.ts';
import type { ReportService } from '../reports/report-service.ts';
import type { SendService } from '../send/send-service.ts';

export interface SmsRoutes {
  readonly sending: SendService;
  readonly reports: ReportService;
  readonly optOuts: OptOutService;
}

export function registerSmsRoutes(http: HttpServer, { sending, reports, optOuts }: SmsRoutes): void {
  http.route(sendSms, async ({ body, caller }) => reply(202, { value: await sending.send(caller.resource, body) }));
  http.route(getDeliveryReport, async ({ params, caller }) => reply(200, await reports.get(caller.resource.id, params.outgoingMessageId)));
  http.route(addOptOuts, async ({ body, caller }) => reply(200, { value: await optOuts.add(caller.resource, body) }));
  http.route(removeOptOuts, async ({ body, caller }) => reply(200, { value: await optOuts.remove(caller.resource, body) }));
  http.route(checkOptOuts, async ({ body, caller }) => reply(200, { value: await optOuts.check(caller.resource, body) }));
}
