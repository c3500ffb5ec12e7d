import { addChatParticipants, listChatParticipants, removeChatParticipant } from '@switchboard/contract';
import { type HttpServer, reply } from '../../http/index.ts';
import { chatErrors } from '../errors.ts';
import type { ParticipantService } from '../participant-service.ts';
import { parseParticipants, rawIdOf } from '../participants.ts';
import { wireParticipant } from '../wire.ts';
import { keyedPage, pageSize, threadPath } from './page.ts';

export function registerParticipantRoutes(http: HttpServer, participants: ParticipantService): void {
  http.route(listChatParticipants, async (call) => {
    const { params, query, caller } = call;
    const all = await participants.list(caller, params.chatThreadId);
    const limit = pageSize(query.maxPageSize, caller);
    const path = `${threadPath(params.chatThreadId)}/participants`;
    return reply(200, keyedPage(call, { all, limit, path, keyOf: (row) => row.userId, show: wireParticipant }));
  });

  http.route(addChatParticipants, async ({ params, body, caller }) => {
    const invalid = await participants.add(caller, params.chatThreadId, parseParticipants(body.participants, caller.resource.limits));
    return reply(201, invalid.length === 0 ? {} : { invalidParticipants: [...invalid] });
  });

  http.route(removeChatParticipant, async ({ params, body, caller }) => {
    const userId = rawIdOf(body);
    if (userId === undefined) throw chatErrors.invalid('rawId', 'is required: name the user by communicationUser.id or rawId');
    await participants.remove(caller, params.chatThreadId, userId);
    return reply(204);
  });
}
