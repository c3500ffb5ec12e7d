import type { BodyOf, Operation, ParamsOf, QueryOf, ReplyOf, StatusOf } from '@switchboard/contract';
import type { Caller } from './exchange.ts';

/** What a handler is given: everything the contract declares, checked. */
export interface Call<T extends Operation> {
  readonly params: ParamsOf<T>;
  readonly query: QueryOf<T>;
  readonly body: BodyOf<T>;
  readonly caller: CallerOf<T['auth']>;
  readonly requestId: string;
  /** `scheme://host` under which the client reached us. */
  readonly origin: string;
  readonly apiVersion: string;
  header(name: string): string | undefined;
  /** Hash of the received body bytes, base64. */
  bodyHash(): string;
  /** The body of an operation with `textBody`. @throws ApiError 400 when it is not UTF-8 */
  text(): string;
  /** Calls back when the client goes before it is answered. */
  onAbandoned(action: () => void): void;
}

export type CallerOf<A extends Operation['auth']> = A extends 'accessKey'
  ? Extract<Caller, { kind: 'accessKey' }>
  : A extends 'userToken'
    ? Extract<Caller, { kind: 'user' }>
    : A extends 'entraUser'
      ? Extract<Caller, { kind: 'bearer' }>
      : A extends 'admin' | 'arm'
        ? Extract<Caller, { kind: 'admin' }>
        : A extends 'topicKey'
          ? Extract<Caller, { kind: 'publisher' }>
          : Extract<Caller, { kind: 'anonymous' }>;

export type Reply<T extends Operation> = {
  [S in StatusOf<T>]: Answer<S, ReplyOf<T, S>>;
}[StatusOf<T>];

interface Answer<S extends number, B> {
  readonly status: S;
  readonly body: B;
  readonly headers: Readonly<Record<string, string>> | undefined;
}

/** An answer with exactly one of the statuses that the operation declares. */
export function reply<S extends number>(status: S): Answer<S, undefined>;
export function reply<S extends number, B>(status: S, body: B, headers?: Readonly<Record<string, string>>): Answer<S, B>;
export function reply<S extends number>(status: S, body?: unknown, headers?: Readonly<Record<string, string>>): Answer<S, unknown> {
  return { status, body, headers };
}

export type Handler<T extends Operation> = (call: Call<T>) => Reply<T> | Promise<Reply<T>>;
