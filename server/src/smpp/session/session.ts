import type { Socket } from 'node:net';
import { messageOf } from '../../lib/errors.ts';
import type { Bind, BindAnswer, Command, Pdu, Request } from '../pdu/body.ts';
import { decode, type Unreadable } from '../pdu/codec.ts';
import { Splitter } from '../pdu/splitter.ts';
import { describeStatus, STATUS } from '../pdu/status.ts';
import { numberTlv, type Tlv } from '../pdu/tlv.ts';
import type { AnswerTo, Outcome } from './outcome.ts';
import { Inbound } from './inbound.ts';
import { Liveness } from './liveness.ts';
import { Output } from './output.ts';
import { Requests } from './requests.ts';
import { blankAnswer, boundAs, mayAsk, type BoundAs } from './rules.ts';
import type { Reply, SessionEnd, SessionOptions } from './session-options.ts';

/** PDUs in a row that cannot be understood, or answer nothing; more end the session. */
const MAX_OFFENCES = 100;
/** How long the other side may take to close the connection when a session is over. */
const CLOSE_MS = 2_000;
const SMPP_3_4 = 0x34;
const NO_TLVS: readonly Tlv[] = [];

type Phase = 'open' | 'unbinding' | 'ended';

/**
 * One connection between an ESME and an SMSC, from either side: SMPP 3.4 chapter 2. What its user asks waits in a bounded
 * window; what the other side asks is bounded by not reading. Whatever the other side sends, a session goes on or ends with a reason.
 */
export class Session {
  readonly #options: SessionOptions;
  readonly #socket: Socket;
  readonly #output: Output;
  readonly #splitter: Splitter;
  readonly #requests: Requests;
  readonly #inbound: Inbound;
  readonly #liveness: Liveness;
  #phase: Phase = 'open';
  #bound: BoundAs | undefined;
  /** A bind is being judged. */
  #isBinding = false;
  #offences = 0;
  #onIdle: (() => void) | undefined;

  constructor(options: SessionOptions) {
    const { socket, limits, timers } = options;
    this.#options = options;
    this.#socket = socket;
    this.#output = new Output(socket);
    this.#splitter = new Splitter(limits.maxPduBytes);
    this.#requests = new Requests({ ...limits, timers, send: (pdu) => this.#output.send(pdu), onSettled: () => this.#tellIfIdle() });
    this.#inbound = new Inbound({
      ...options,
      maxPending: limits.maxPending,
      onHeld: (isHeld) => this.#hold(isHeld),
      onIdle: () => this.#tellIfIdle(),
    });
    this.#liveness = new Liveness({
      timers,
      periodMs: limits.enquireLinkMs,
      isDeaf: () => this.#isBinding || this.#inbound.isHeld,
      isClogged: () => this.#output.isClogged,
      ask: (settle) => this.#requests.askNow({ command: 'enquire_link' }, settle),
      onSilent: (reason) => this.#end({ kind: 'silent', reason }),
    });
    this.#listen();
  }

  /** What the ESME is bound as; undefined before, and when the session is over or about to be. */
  get bound(): BoundAs | undefined {
    return this.#phase === 'open' ? this.#bound : undefined;
  }

  /** Requests of ours that have no answer yet. */
  get outstanding(): number {
    return this.#requests.size;
  }

  /** Binds; on the ESME's side only, and before anything else. */
  bind(body: Bind): Promise<Outcome<BindAnswer>> {
    if (this.#phase !== 'open') return Promise.resolve({ kind: 'unsent', reason: 'the session is over' });
    return new Promise((resolve) =>
      this.#requests.askNow(body, (outcome) => {
        // At once: the next octets may be a request that is allowed from here on.
        if (outcome.kind === 'accepted') this.#bound = boundAs(body);
        // Answers are matched with what they answer.
        resolve(outcome as Outcome<BindAnswer>);
      }),
    );
  }

  /** Asks the other side, when there is a place in the window. Never rejects. */
  request<R extends Request>(body: R, tlvs = NO_TLVS): Promise<Outcome<AnswerTo<R>>> {
    if (!mayAsk(this.#options.side, body.command, this.bound)) {
      const state = this.bound === undefined ? 'the session is not bound' : `the session is bound as ${this.bound}`;
      return Promise.resolve({ kind: 'unsent', reason: `${state}: ${body.command} is not allowed` });
    }
    // Answers are matched with what they answer.
    return this.#requests.ask(body, tlvs) as Promise<Outcome<AnswerTo<R>>>;
  }

  /** Takes leave: asks nothing more, waits for what is on its way in both directions, unbinds (section 4.2), and closes. */
  async unbind(): Promise<void> {
    if (this.#phase !== 'open') return;
    await this.#takeLeave();
    if (this.#isOver()) return;
    if (this.#bound !== undefined) await new Promise((resolve) => this.#requests.askNow({ command: 'unbind' }, resolve));
    this.#end({ kind: 'unbound', reason: 'unbound' });
  }

  /** Ends the session at once. */
  close(reason: string, kind: SessionEnd['kind'] = 'closed'): void {
    this.#end({ kind, reason });
  }

  #listen(): void {
    const socket = this.#socket;
    socket.setNoDelay(true);
    socket.on('error', (error) => this.#end({ kind: 'lost', reason: messageOf(error) }));
    socket.on('end', () => this.#end({ kind: 'lost', reason: 'the other side closed the connection' }));
    socket.on('close', () => this.#end({ kind: 'lost', reason: 'the connection is closed' }));
    socket.on('drain', () => {
      this.#liveness.drained();
      this.#read();
    });
    socket.on('data', (chunk) => {
      if (this.#isOver()) return;
      this.#liveness.heard();
      this.#splitter.push(chunk);
      this.#read();
    });
  }

  /** Reads on, unless there is too much to do, or the other side does not read what it is told. */
  #read(): void {
    while (this.#mayRead()) {
      const frame = this.#splitter.next();
      if (frame === undefined) break;
      const decoded = decode(frame);
      if (decoded.kind === 'pdu') this.#take(decoded.pdu);
      else this.#takeUnreadable(decoded);
    }
    if (this.#isOver()) return;
    if (this.#splitter.failure !== undefined) this.#breakOff(this.#splitter.failure);
    else if (this.#mayRead()) this.#socket.resume();
    else this.#socket.pause();
  }

  #mayRead(): boolean {
    return !this.#isOver() && !this.#isBinding && !this.#inbound.isHeld && !this.#output.isClogged;
  }

  #take({ body, sequence, status, tlvs }: Pdu): void {
    this.#offences = 0;
    switch (body.command) {
      case 'submit_sm':
      case 'deliver_sm':
      case 'data_sm':
      case 'submit_multi':
      case 'query_sm':
      case 'cancel_sm':
      case 'replace_sm':
        return this.#asked(body, sequence, tlvs);
      case 'enquire_link':
        return this.#answer(body.command, sequence, { status: STATUS.ESME_ROK });
      case 'unbind':
        void this.#unbound(sequence);
        return;
      case 'bind_transmitter':
      case 'bind_receiver':
      case 'bind_transceiver':
        void this.#judge(body, sequence);
        return;
      case 'outbind':
      case 'alert_notification':
        // Neither has an answer, and nobody here waits to be called back or for phones to return.
        return;
      default:
        // What nobody waits for came too late, twice, or out of nowhere: it changes nothing.
        this.#requests.answered(body, { sequence, status, tlvs });
    }
  }

  #asked(body: Request, sequence: number, tlvs: readonly Tlv[]): void {
    if (!mayAsk(this.#options.side === 'esme' ? 'smsc' : 'esme', body.command, this.#bound))
      return this.#answer(body.command, sequence, { status: STATUS.ESME_RINVBNDSTS });
    this.#inbound.take(body, tlvs, (reply) => this.#answer(body.command, sequence, reply));
  }

  /** While there is too much to do nothing is read, answers to us included. */
  #hold(isHeld: boolean): void {
    if (isHeld) return this.#requests.suspendTimeouts();
    this.#requests.resumeTimeouts();
    this.#read();
  }

  #answer(command: Command, sequence: number, { status, body, tlvs }: Reply): void {
    if (this.#isOver()) return;
    const answer = body ?? blankAnswer(command);
    if (answer === undefined) return;
    const failure = this.#output.send({ sequence, status, body: answer, tlvs: tlvs ?? NO_TLVS });
    if (failure === undefined) return;
    this.#options.log.error({ command, reason: failure.reason }, 'an SMPP answer could not be written');
    this.#answer(command, sequence, { status: STATUS.ESME_RSYSERR });
  }

  /** Section 4.3: what is no command is refused by generic_nack, what is one by its own answer. */
  #takeUnreadable(unreadable: Unreadable): void {
    const { command, isAnswer, sequence, failure } = unreadable;
    this.#options.log.debug({ command, reason: failure.reason }, 'an SMPP PDU could not be read');
    if (isAnswer) this.#requests.answeredBadly(unreadable);
    else if (command === undefined)
      this.#output.send({ sequence, status: failure.status, body: { command: 'generic_nack' }, tlvs: NO_TLVS });
    else this.#answer(command, sequence, { status: failure.status });
    this.#offences += 1;
    if (this.#offences > MAX_OFFENCES) this.#breakOff(`${this.#offences} PDUs in a row make no sense: ${failure.reason}`);
  }

  /** Nobody can tell where the next PDU begins, or what the other side speaks. */
  #breakOff(reason: string): void {
    this.#output.send({ sequence: 0, status: STATUS.ESME_RINVCMDLEN, body: { command: 'generic_nack' }, tlvs: NO_TLVS });
    this.#end({ kind: 'protocol', reason });
  }

  async #judge(bind: Bind, sequence: number): Promise<void> {
    const { onBind } = this.#options;
    if (onBind === undefined || this.#bound !== undefined) {
      this.#answer(bind.command, sequence, { status: onBind === undefined ? STATUS.ESME_RINVBNDSTS : STATUS.ESME_RALYBND });
      return;
    }
    this.#isBinding = true;
    const reply = await onBind(bind).catch((error: unknown): Reply => {
      this.#options.log.error({ err: error }, 'judging an SMPP bind failed');
      return { status: STATUS.ESME_RSYSERR };
    });
    this.#isBinding = false;
    if (this.#isOver()) return;
    // Section 4.1.2: it tells that optional parameters may be used, which older ESMEs do not know (section 3.4).
    const tlvs = bind.interfaceVersion >= SMPP_3_4 ? [numberTlv('sc_interface_version', SMPP_3_4, 1)] : NO_TLVS;
    this.#answer(bind.command, sequence, { ...reply, tlvs });
    if (reply.status === STATUS.ESME_ROK) {
      this.#bound = boundAs(bind);
      this.#tell(() => this.#options.onBound?.());
      this.#read();
    } else this.#end({ kind: 'refused', reason: `the bind was refused: ${describeStatus(reply.status)}` });
  }

  /** The other side takes leave. */
  async #unbound(sequence: number): Promise<void> {
    if (this.#phase === 'open') await this.#takeLeave();
    this.#answer('unbind', sequence, { status: STATUS.ESME_ROK });
    this.#end({ kind: 'unbound', reason: 'the other side unbound' });
  }

  /** Resolves when nothing is on its way in either direction, or that takes too long. */
  async #takeLeave(): Promise<void> {
    this.#phase = 'unbinding';
    this.#requests.stop('the session is being unbound');
    const idle = Promise.withResolvers<void>();
    this.#onIdle = idle.resolve;
    const timer = this.#options.timers.after(this.#options.limits.responseTimeoutMs, idle.resolve);
    this.#tellIfIdle();
    await idle.promise;
    timer.cancel();
  }

  #tellIfIdle(): void {
    if (this.#inbound.size === 0 && this.#requests.size === 0) this.#onIdle?.();
  }

  #isOver(): boolean {
    return this.#phase === 'ended';
  }

  #end(end: SessionEnd): void {
    if (this.#isOver()) return;
    this.#phase = 'ended';
    this.#liveness.cancel();
    this.#splitter.clear();
    this.#requests.close(end.reason);
    this.#onIdle?.();
    this.#output.flush();
    this.#socket.end();
    // What still comes is dropped: a connection closed with unread bytes is reset, and our last words might be lost.
    this.#socket.resume();
    if (!this.#socket.destroyed) {
      const cutOff = this.#options.timers.after(CLOSE_MS, () => this.#socket.destroy());
      this.#socket.once('close', () => cutOff.cancel());
    }
    this.#tell(() => this.#options.onEnd(end));
  }

  /** Listeners cannot break the session. */
  #tell(listener: () => void): void {
    try {
      listener();
    } catch (error) {
      this.#options.log.error({ err: error }, 'a listener of an SMPP session failed');
    }
  }
}
