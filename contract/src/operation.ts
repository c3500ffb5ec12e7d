import type { Static, TObject, TSchema } from 'typebox';

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/**
 * Who may call an operation. `accessKey`: HMAC signature or directory token (server side); `userToken`: access token of a
 * communication user; `entraUser`: a directory token of a person, checked by the operation itself; `admin`: our own admin
 * key; `arm`: whoever manages resources, with the admin key as well; `topicKey`: who publishes to a custom topic, with one of
 * its keys or a signature made with it; `none`: public by design (health, key set).
 */
export type OperationAuth = 'accessKey' | 'userToken' | 'entraUser' | 'admin' | 'arm' | 'topicKey' | 'none';

/**
 * One operation of the wire contract, written once: route, validation, response types, OpenAPI and reference docs all
 * come from it.
 *
 * @example
 * export const getThread = operation({
 *   id: 'Chat_GetChatThreadProperties', method: 'GET', path: '/chat/threads/{chatThreadId}', auth: 'userToken',
 *   apiVersion: true, params: Type.Object({ chatThreadId: Type.String() }), responses: { 200: ChatThreadProperties },
 * });
 */
export interface Operation {
  readonly id: string;
  readonly method: HttpMethod;
  /** Raw path with `{name}` parameters and literal colons, e.g. `/identities/{id}/:issueAccessToken`. */
  readonly path: string;
  readonly auth: OperationAuth;
  /** Whether `api-version` is a required query parameter (every data-plane operation); a list where only these are known. */
  readonly apiVersion: boolean | readonly string[];
  readonly summary: string;
  readonly params?: TObject;
  /** Values arrive as text and are converted to the schema's numbers and booleans. */
  readonly query?: TObject;
  readonly body?: TSchema;
  /** A missing body is validated as `{}`. */
  readonly bodyOptional?: boolean;
  /** The body is text of any type instead of JSON; the handler asks for it. */
  readonly textBody?: boolean;
  /** Asked again and again: the request log remembers only those that were refused. */
  readonly polled?: boolean;
  readonly responses: Readonly<Record<number, TSchema | null>>;
}

/** Declares an operation, keeping the exact schema types. */
export function operation<const T extends Operation>(declared: T): T {
  return declared;
}

export type ParamsOf<T extends Operation> = T['params'] extends TObject ? Static<T['params']> : Record<never, never>;
export type QueryOf<T extends Operation> = T['query'] extends TObject ? Static<T['query']> : Record<never, never>;
export type BodyOf<T extends Operation> = T['body'] extends TSchema ? Static<T['body']> : undefined;
export type StatusOf<T extends Operation> = keyof T['responses'] & number;
/** The success body of an operation for one status; `null` in the contract means "no body". */
export type ReplyOf<T extends Operation, S extends StatusOf<T>> = T['responses'][S] extends TSchema ? Static<T['responses'][S]> : undefined;
