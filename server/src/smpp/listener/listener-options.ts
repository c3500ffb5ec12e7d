import type { TlsOptions } from 'node:tls';
import type { Log } from '../../lib/log.ts';
import type { Timers } from '../../lib/timers.ts';
import type { Request } from '../pdu/body.ts';
import type { Tlv } from '../pdu/tlv.ts';
import type { Reply, SessionEnd, SessionLimits } from '../session/session-options.ts';
import type { Admission, BindRequest } from './admission.ts';

export interface ListenerLimits {
  /** Of all accounts together, with those that have not bound yet. More are closed at once. */
  readonly maxConnections: number;
  /** Connections that have not bound yet. When there are more, the one that has waited longest is closed. */
  readonly maxUnbound: number;
  /** How long a connection may take to bind: `session_init_timer` of SMPP 3.4 section 7.2. */
  readonly bindTimeoutMs: number;
}

export interface SmppListenerOptions {
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
  /** Encrypted when this is given. */
  readonly tls?: TlsOptions;
  /** What we are called in answers to binds. */
  readonly systemId: string;
  readonly limits: ListenerLimits;
  readonly sessionLimits: SessionLimits;
  readonly timers: Timers;
  readonly log: Log;
  readonly authenticate: (request: BindRequest) => Promise<Admission>;
  /** Answers a request of a bound ESME; octets in it are views. A rejection counts as a failure of the system. */
  readonly onRequest: (account: string, request: Request, tlvs: readonly Tlv[]) => Reply | Promise<Reply>;
  /** An ESME of this account has bound, and knows it. */
  readonly onBound: (account: string, request: BindRequest) => void;
  /** A session that had bound is over. */
  readonly onEnd: (account: string, end: SessionEnd) => void;
}
