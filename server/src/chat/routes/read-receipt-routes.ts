import { listChatReadReceipts, sendChatReadReceipt } from '@switchboard/contract';
import { type HttpServer, reply } from '../../http/index.ts';
import type { ReadReceiptService } from '../read-receipt-service.ts';
import { wireReadReceipt } from '../wire.ts';
import { keyedPage, pageSize, threadPath } from './page.ts';

export function registerReadReceiptRoutes(http: HttpServer, receipts: ReadReceiptService): void {
  http.route(listChatReadReceipts, async (call) => {
    const { params, query, caller } = call;
    const all = await receipts.list(caller, params.chatThreadId);
    const limit = pageSize(query.maxPageSize, caller);
    const path = `${threadPath(params.chatThreadId)}/readReceipts`;
    return reply(200, keyedPage(call, { all, limit, path, keyOf: (receipt) => receipt.userId, show: wireReadReceipt }));
  });

  http.route(sendChatReadReceipt, async ({ params, body, caller }) => {
    await receipts.send(caller, params.chatThreadId, body.chatMessageId);
    return reply(200);
  });
}
