import type { Operation } from '@switchboard/contract';
import fc from 'fast-check';
import type { Headers } from './ground.ts';
import { paramNamesOf, targetOf } from './operations.ts';
import type { Scene } from './scene.ts';

/** What stands beside a body, wrong somewhere. */
export interface ArbitraryHead {
  readonly target: string;
  readonly headers: Headers;
}

/** Pieces of paths and queries that have hurt servers of this kind, as they go over the wire. */
const HOSTILE = [
  '',
  '%',
  '%zz',
  '%00',
  '%2e%2e%2f',
  '..',
  '%c0%af',
  '%f0%9f',
  '%ed%a0%80',
  '%25%32%46',
  '%3A',
  ':add',
  '%0d%0aSet-Cookie:%20a=b',
  "'%20OR%201=1--",
  '*',
  '$1',
  '__proto__',
  'constructor',
  'toString',
  'null',
  '[object%20Object]',
  '-1',
  '0',
  '1',
  '1e309',
  '9007199254740993',
  '2026-01-01T00:00:00Z',
  '+275760-09-13T00:00:00Z',
  '2024-02-31T00:00:00Z',
  'true',
  '61s',
  'eyJhIjoxfQ==',
  '/(a*)*$/',
  'x'.repeat(513),
  '%F0%9F%98%80'.repeat(200),
] as const;

const HEADERS = [
  'accept',
  'accept-encoding',
  'accept-language',
  'if-match',
  'if-none-match',
  'origin',
  'range',
  'repeatability-request-id',
  'repeatability-first-sent',
  'x-ms-client-request-id',
  'x-ms-useragent',
] as const;

/** Bytes that a request target may hold, some of them encoded. */
const encoded = fc.string({ unit: 'binary', maxLength: 40 }).map((text) => percentEncoded(text));
/** Bytes that a header may hold. */
const headerText = fc.string({
  unit: fc.integer({ min: 0x20, max: 0xff }).map((code) => String.fromCharCode(code === 0x7f ? 0x7e : code)),
  maxLength: 300,
});

/** A valid request's target and headers with some values in the place of others: of the wrong kind, hostile, or noise. */
export function arbitraryHead(operation: Operation, scene: Scene): fc.Arbitrary<ArbitraryHead> {
  const valid = Object.values(scene.values).map((value) => encodeURIComponent(value));
  const piece = fc.oneof(fc.constantFrom(...HOSTILE), fc.constantFrom(...valid), encoded);
  const params = fc.record(Object.fromEntries(paramNamesOf(operation).map((name) => [name, piece])));
  const names = [...Object.keys(operation.query?.properties ?? {}), ...(operation.apiVersion ? ['api-version'] : [])];
  const name =
    names.length === 0 ? encoded : fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...names) }, { weight: 1, arbitrary: encoded });
  const query = fc.array(fc.tuple(name, piece), { maxLength: 4 });
  const headers = fc.dictionary(fc.constantFrom(...HEADERS), headerText, { maxKeys: 3, noNullPrototype: true });
  return fc.record({ params, query, headers, isVersioned: fc.boolean() }).map((given) => ({
    target: targetWith(operation, given),
    headers: given.headers,
  }));
}

function targetWith(
  operation: Operation,
  {
    params,
    query,
    isVersioned,
  }: {
    readonly params: Readonly<Record<string, string>>;
    readonly query: readonly (readonly [string, string])[];
    readonly isVersioned: boolean;
  },
): string {
  const target = targetOf({ ...operation, apiVersion: isVersioned && operation.apiVersion }, params, (value) => value);
  const rest = query.map(([name, value]) => `${name}=${value}`).join('&');
  return rest === '' ? target : `${target}${target.includes('?') ? '&' : '?'}${rest}`;
}

function percentEncoded(text: string): string {
  return Array.from(Buffer.from(text), (byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
}
