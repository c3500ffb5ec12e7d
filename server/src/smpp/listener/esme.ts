import type { Socket } from 'node:net';
import type { Timer } from '../../lib/timers.ts';
import type { Bind } from '../pdu/body.ts';
import { STATUS } from '../pdu/status.ts';
import { boundAs } from '../session/rules.ts';
import { Session } from '../session/session.ts';
import type { Reply, SessionEnd } from '../session/session-options.ts';
import type { Accounts } from './accounts.ts';
import type { BindRequest } from './admission.ts';
import type { SmppListenerOptions } from './listener-options.ts';

export interface EsmeOptions {
  readonly socket: Socket;
  readonly listener: SmppListenerOptions;
  readonly accounts: Accounts;
  readonly onBound: () => void;
  readonly onEnd: () => void;
}

/** One connection to the listener: a stranger first, then a session of an account. */
export class Esme {
  readonly session: Session;
  readonly #options: EsmeOptions;
  readonly #remoteAddress: string;
  readonly #bindTimer: Timer;
  #admitted: { readonly account: string; readonly request: BindRequest } | undefined;
  #isOver = false;

  constructor(options: EsmeOptions) {
    const { socket, listener } = options;
    this.#options = options;
    this.#remoteAddress = socket.remoteAddress ?? '';
    this.session = new Session({
      socket,
      side: 'smsc',
      limits: listener.sessionLimits,
      timers: listener.timers,
      log: listener.log,
      // Nothing is asked before a bind, and whoever has bound has an account.
      onRequest: (request, tlvs) => listener.onRequest(this.#admitted?.account ?? '', request, tlvs),
      onBind: (bind) => this.#judge(bind),
      onBound: () => this.#bound(),
      onEnd: (end) => this.#ended(end),
    });
    const { bindTimeoutMs } = listener.limits;
    this.#bindTimer = listener.timers.after(bindTimeoutMs, () => {
      if (this.#admitted === undefined) this.session.close(`it did not bind in ${bindTimeoutMs} ms`, 'silent');
    });
  }

  async #judge(bind: Bind): Promise<Reply> {
    const { listener, accounts } = this.#options;
    const { systemId, password, systemType, addressRange } = bind;
    const request = { systemId, password, systemType, addressRange, bindAs: boundAs(bind), remoteAddress: this.#remoteAddress };
    const admission = await listener.authenticate(request);
    if (admission.kind === 'refused') return { status: admission.status };
    const { account, maxSessions } = admission;
    if (accounts.count(account) >= maxSessions) return { status: STATUS.ESME_RALYBND };
    // It went away meanwhile, or took too long.
    if (this.#isOver) return { status: STATUS.ESME_RBINDFAIL };
    this.#admitted = { account, request };
    accounts.add(account, this.session);
    const body = { command: `${bind.command}_resp`, systemId: listener.systemId } as const;
    return { status: STATUS.ESME_ROK, body };
  }

  #bound(): void {
    const { listener, onBound } = this.#options;
    onBound();
    if (this.#admitted !== undefined) listener.onBound(this.#admitted.account, this.#admitted.request);
  }

  #ended(end: SessionEnd): void {
    const { listener, accounts, onEnd } = this.#options;
    this.#isOver = true;
    this.#bindTimer.cancel();
    onEnd();
    if (this.#admitted === undefined) return listener.log.debug({ ...end }, 'an SMPP connection ended without a bind');
    accounts.remove(this.#admitted.account, this.session);
    listener.onEnd(this.#admitted.account, end);
  }
}
