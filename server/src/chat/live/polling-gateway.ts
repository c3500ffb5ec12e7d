import { pollLive, sendLive } from '@switchboard/contract';
import { type HttpServer, reply, textOfUser, type VerifiedToken } from '../../http/index.ts';
import type { Backlog } from '../../lib/backlog.ts';
import type { Timers } from '../../lib/timers.ts';
import { requireScope } from '../scopes.ts';
import { liveErrors } from './errors.ts';
import { type LiveAdmission, MAX_BUFFERED_BYTES } from './live-admission.ts';
import { type LiveConnection, userOf } from './live-connection.ts';
import type { LiveHub } from './live-hub.ts';
import { decodePayload } from './packet.ts';
import { PollingTransport } from './polling-transport.ts';
import type { LiveSession, LiveSessions } from './session.ts';

export interface PollingGatewayOptions {
  readonly hub: LiveHub;
  readonly admission: LiveAdmission;
  readonly sessions: LiveSessions;
  readonly timers: Timers;
  readonly backlog: Backlog;
}

interface Polled {
  readonly connection: LiveConnection;
  readonly transport: PollingTransport;
}

interface Request {
  readonly caller: VerifiedToken;
  readonly params: { readonly sid: string };
  readonly query: { readonly sr?: string; readonly sig?: string; readonly connected?: string };
}

const TEXT = { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' };

/**
 * Live connections of clients whose WebSocket fails; wire/chat.md section 6.9. A GET waits for packets and a POST brings
 * some, each with the token and the connect parameters of its user. The first GET of a session opens the connection.
 */
export class PollingGateway {
  readonly #options: PollingGatewayOptions;
  /** By user and session id: the id alone is the client's word. */
  readonly #open = new Map<string, Polled>();

  constructor(options: PollingGatewayOptions) {
    this.#options = options;
  }

  register(http: HttpServer): void {
    http.route(pollLive, async (call) => {
      requireScope(call.caller, 'takePart');
      const { connection, transport } = this.#polledBy(call) ?? this.#openFor(call);
      connection.heard();
      const payload = await http.gate.outside(() => transport.poll((action) => call.onAbandoned(action)));
      return reply(200, payload, TEXT);
    });

    http.route(sendLive, (call) => {
      requireScope(call.caller, 'takePart');
      const polled = this.#polledBy(call);
      if (polled === undefined) throw liveErrors.endedSession();
      const payload = decodePayload(call.text());
      if (!payload.ok) throw liveErrors.badPayload(payload.reason);
      for (const packet of payload.packets) {
        const fault = polled.connection.receive(packet);
        if (fault !== undefined) throw liveErrors.badPayload(fault);
      }
      return reply(200, '1', TEXT);
    });
  }

  /** @throws ApiError 401 when the connect parameters are not this user's */
  #polledBy(request: Request): Polled | undefined {
    const session = this.#sessionOf(request);
    const polled = this.#open.get(keyOf(request));
    return polled?.connection.ccid === session.ccid ? polled : undefined;
  }

  /** @throws ApiError 404 when the client believes that it is open, 429 when the user has as many as it may */
  #openFor(request: Request): Polled {
    const { hub, admission, timers, backlog } = this.#options;
    // The client adds this to its requests once it was greeted.
    if (request.query.connected !== undefined) throw liveErrors.endedSession();
    const { ccid } = this.#sessionOf(request);
    admission.check(request.caller);
    const key = keyOf(request);
    const connection = admission.connect(ccid, request.caller);
    const transport = new PollingTransport({
      timers,
      maxBufferedBytes: MAX_BUFFERED_BYTES,
      backlog,
      onClose: () => {
        if (this.#open.get(key) === polled) this.#open.delete(key);
        hub.remove(connection);
      },
    });
    const polled = { connection, transport };
    this.#open.set(key, polled);
    connection.open(transport, admission.greeting(request.caller));
    return polled;
  }

  #sessionOf({ caller, query }: Request): LiveSession {
    const session = this.#options.sessions.open({ sr: query.sr ?? '', sig: query.sig ?? '' });
    if (session === undefined || textOfUser(userOf(session.grant)) !== textOfUser(userOf(caller.grant))) throw liveErrors.unknownSession();
    return session;
  }
}

function keyOf({ caller, params }: Request): string {
  return `${textOfUser(userOf(caller.grant))} ${params.sid}`;
}
