import type { Socket } from 'node:net';
import type { Log } from '../../lib/log.ts';
import type { Timers } from '../../lib/timers.ts';
import type { Answer, Bind, Request } from '../pdu/body.ts';
import type { Tlv } from '../pdu/tlv.ts';
import type { Side } from './rules.ts';

/** Bounds and times of a session. */
export interface SessionLimits {
  /** A longer PDU ends the session: it could not be told from garbage. */
  readonly maxPduBytes: number;
  /** Requests of ours without answer at once. */
  readonly window: number;
  /** Requests of ours that may wait for a place in the window; more are not sent. */
  readonly maxWaiting: number;
  /** Requests of the other side that may be worked on at once; then nothing is read until half of them are done. */
  readonly maxPending: number;
  /** How long an answer may take: `response_timer` of SMPP 3.4 section 7.2. */
  readonly responseTimeoutMs: number;
  /** Silence after which the other side is asked whether it is there: `enquire_link_timer`. */
  readonly enquireLinkMs: number;
}

export const SESSION_LIMITS: SessionLimits = {
  maxPduBytes: 75_000,
  window: 100,
  maxWaiting: 1_000,
  maxPending: 1_000,
  responseTimeoutMs: 30_000,
  enquireLinkMs: 30_000,
};

/** The answer to a request of the other side. */
export interface Reply {
  /** 0, or why not: a value of section 5.1.3. */
  readonly status: number;
  /** Left out where there is nothing to say. */
  readonly body?: Answer;
  readonly tlvs?: readonly Tlv[];
}

/** Why a session is over. */
export interface SessionEnd {
  /**
   * `unbound`: taken leave of by either side. `lost`: the connection broke. `silent`: the other side does not answer, or does not read.
   * `protocol`: what it sent cannot be understood. `refused`: it may not bind. `closed`: ended here.
   */
  readonly kind: 'unbound' | 'lost' | 'silent' | 'protocol' | 'refused' | 'closed';
  /** For people and logs. */
  readonly reason: string;
}

export interface SessionOptions {
  /** Connected; for TLS with the handshake behind it. */
  readonly socket: Socket;
  readonly side: Side;
  readonly limits: SessionLimits;
  readonly timers: Timers;
  readonly log: Log;
  /**
   * Answers a request that is allowed in this state; octets in it are views of what was read. It must not wait for requests
   * of this session: while too many of its promises are pending, no answers are read.
   */
  readonly onRequest: (request: Request, tlvs: readonly Tlv[]) => Reply | Promise<Reply>;
  /** Judges who binds; on the SMSC's side only. Nothing is read meanwhile. A status other than 0 ends the session. */
  readonly onBind?: (bind: Bind) => Promise<Reply>;
  /** The other side has bound, and is told so. */
  readonly onBound?: () => void;
  /** Called once, when nothing is sent or taken any more. */
  readonly onEnd: (end: SessionEnd) => void;
}
