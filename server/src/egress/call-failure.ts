import { EgressError } from './egress-policy.ts';

/** Why there was no answer: the network, time, our own policy, that we gave up ourselves, or had no token to call with. */
export type FailureReason = 'timedOut' | 'unresolved' | 'refused' | 'socket' | 'abandoned' | 'noToken';

/** There was no answer. */
export class CallFailure extends Error {
  readonly reason: FailureReason;

  constructor(reason: FailureReason, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'CallFailure';
    this.reason = reason;
  }
}

const UNRESOLVED: ReadonlySet<unknown> = new Set(['ENOTFOUND', 'EAI_AGAIN', 'ENODATA', 'EAI_FAIL', 'EAI_NONAME', 'EAI_NODATA']);

/** Messages that say more than those of the library underneath. */
const MEANINGS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'the connection was closed before an answer came',
  HPE_HEADER_OVERFLOW: 'the headers of the answer are too large',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet',
  CERT_SIGNATURE_FAILURE: 'its certificate is not signed by the authority that it names',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by itself; see --trusted-ca-files',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is of an authority that is not trusted; see --trusted-ca-files',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is of an authority that is not trusted; see --trusted-ca-files',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is of an authority that is not trusted; see --trusted-ca-files',
};

/** Certificates may name thousands of hosts, and a message repeats them. */
const MOST_CHARACTERS = 1_000;

/** What OpenSSL says, between its numbers and the places in its source: `…:SSL routines:function:reason:file:…`. */
const SSL_REASON = /:SSL routines:[^:]*:([^:]+):/;

function handshakeProblem(message: string): string | undefined {
  const [, reason] = SSL_REASON.exec(message) ?? [];
  if (reason === undefined) return undefined;
  return reason === 'wrong version number' ? 'it does not speak TLS' : `no TLS connection: ${reason}`;
}

export function failureOf(error: unknown): CallFailure {
  if (error instanceof CallFailure) return error;
  if (error instanceof EgressError) return new CallFailure('refused', error.message, error);
  const { code = '', message } = error as NodeJS.ErrnoException;
  const meaning = MEANINGS[code] ?? handshakeProblem(message);
  const text = meaning === undefined ? message.slice(0, MOST_CHARACTERS) : `${meaning} (${code})`;
  return new CallFailure(UNRESOLVED.has(code) ? 'unresolved' : 'socket', text, error);
}
