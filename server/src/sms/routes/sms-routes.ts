import { getDeliveryReport, sendSms } from '@switchboard/contract';
import { type HttpServer, reply } from '../../http/index.ts';
import type { ReportService } from '../reports/report-service.ts';
import type { SendService } from '../send/send-service.ts';

export interface SmsRoutes {
  readonly sending: SendService;
  readonly reports: ReportService;
}

export function registerSmsRoutes(http: HttpServer, { sending, reports }: SmsRoutes): void {
  http.route(sendSms, async ({ body, caller }) => reply(202, { value: await sending.send(caller.resource, body) }));
  http.route(getDeliveryReport, async ({ params, caller }) => reply(200, await reports.get(caller.resource.id, params.outgoingMessageId)));
}
