import type { Socket } from 'node:net';
import type { Log } from '../../lib/log.ts';
import type { Random } from '../../lib/random.ts';
import type { Timer, Timers } from '../../lib/timers.ts';
import type { Address, Bind, BindCommand, DataMessage, Message, MessageAnswer, Request } from '../pdu/body.ts';
import { describeStatus, STATUS } from '../pdu/status.ts';
import type { Tlv } from '../pdu/tlv.ts';
import type { Outcome } from '../session/outcome.ts';
import type { BoundAs } from '../session/rules.ts';
import { Session } from '../session/session.ts';
import type { Reply, SessionEnd, SessionLimits } from '../session/session-options.ts';
import { backOffMs, type BackOff } from './back-off.ts';
import { connect, type Target } from './connect.ts';

export interface SmppClientOptions {
  readonly target: Target;
  /** SMSCs that know no transceivers are bound to twice, by a transmitter and a receiver. */
  readonly bindAs: BoundAs;
  readonly systemId: string;
  readonly password: string;
  readonly systemType: string;
  readonly addressRange: Address;
  readonly limits: SessionLimits;
  readonly backOff: BackOff;
  readonly connectTimeoutMs: number;
  readonly timers: Timers;
  readonly random: Random;
  readonly log: Log;
  /**
   * Takes a message or a receipt from the SMSC; octets in it are views. The SMSC is told that it arrived when the promise
   * resolves: with 0, or with a status of section 5.1.3 that says why not. A rejection counts as a temporary failure.
   */
  readonly onMessage: (message: Message | DataMessage, tlvs: readonly Tlv[]) => Promise<number>;
  readonly onBound: () => void;
  /** A session, or an attempt at one, is over; the next attempt follows after `retryMs`. Not called after {@link SmppClient.close}. */
  readonly onLost: (end: SessionEnd, retryMs: number) => void;
}

const COMMANDS: Readonly<Record<BoundAs, BindCommand>> = {
  transmitter: 'bind_transmitter',
  receiver: 'bind_receiver',
  transceiver: 'bind_transceiver',
};
const SMPP_3_4 = 0x34;

/** An ESME: stays bound to one SMSC, and comes back whenever it was lost. */
export class SmppClient {
  readonly #options: SmppClientOptions;
  readonly #closing = new AbortController();
  #session: Session | undefined;
  #retry: Timer | undefined;
  #failures = 0;
  #boundAtMs: number | undefined;

  constructor(options: SmppClientOptions) {
    this.#options = options;
  }

  get isBound(): boolean {
    return this.#session?.bound !== undefined;
  }

  /** Begins to connect and bind; the events tell how that goes. */
  start(): void {
    void this.#attempt();
  }

  /** Hands a message to the SMSC when there is a place in the window. Never rejects. */
  submit(message: Message | DataMessage, tlvs: readonly Tlv[] = []): Promise<Outcome<MessageAnswer>> {
    return this.#session?.request(message, tlvs) ?? Promise.resolve({ kind: 'unsent', reason: 'there is no connection to the SMSC' });
  }

  /** Waits for what is on its way, but not longer than `graceMs`, takes leave of the SMSC, and does not come back. */
  async close(graceMs: number): Promise<void> {
    this.#closing.abort();
    this.#retry?.cancel();
    const session = this.#session;
    const cutOff = this.#options.timers.after(graceMs, () => session?.close('closed'));
    await session?.unbind();
    session?.close('closed');
    cutOff.cancel();
  }

  async #attempt(): Promise<void> {
    const { target, timers, connectTimeoutMs } = this.#options;
    const connection = await connect(target, { timers, timeoutMs: connectTimeoutMs, signal: this.#closing.signal });
    if (connection.kind === 'failed') this.#lost({ kind: 'lost', reason: connection.reason });
    else if (this.#closing.signal.aborted) connection.socket.destroy();
    else await this.#bind(connection.socket);
  }

  async #bind(socket: Socket): Promise<void> {
    const { limits, timers, log, onBound } = this.#options;
    const session = new Session({
      socket,
      side: 'esme',
      limits,
      timers,
      log,
      onRequest: (request, tlvs) => this.#take(request, tlvs),
      onEnd: (end) => this.#lost(end),
    });
    this.#session = session;
    const outcome = await session.bind(this.#bindBody());
    if (outcome.kind === 'refused') session.close(`the bind was refused: ${describeStatus(outcome.status)}`, 'refused');
    else if (outcome.kind !== 'accepted') session.close(`the bind failed: ${outcome.reason}`, 'silent');
    if (session.bound === undefined) return;
    this.#boundAtMs = timers.monotonicMs();
    onBound();
  }

  #bindBody(): Bind {
    const { bindAs, systemId, password, systemType, addressRange } = this.#options;
    return { command: COMMANDS[bindAs], systemId, password, systemType, interfaceVersion: SMPP_3_4, addressRange };
  }

  async #take(request: Request, tlvs: readonly Tlv[]): Promise<Reply> {
    // The session lets nothing else through to an ESME.
    if (request.command !== 'deliver_sm' && request.command !== 'data_sm') return { status: STATUS.ESME_RINVCMDID };
    return { status: await this.#options.onMessage(request, tlvs) };
  }

  #lost(end: SessionEnd): void {
    const { backOff, random, timers, onLost } = this.#options;
    this.#session = undefined;
    const boundMs = this.#boundAtMs === undefined ? 0 : timers.monotonicMs() - this.#boundAtMs;
    this.#boundAtMs = undefined;
    if (this.#closing.signal.aborted) return;
    // An SMSC that lets us in and throws us out again is not asked every second.
    this.#failures = boundMs >= backOff.mostMs ? 1 : this.#failures + 1;
    const retryMs = backOffMs(backOff, this.#failures, random);
    this.#retry = timers.after(retryMs, () => void this.#attempt());
    onLost(end, retryMs);
  }
}
