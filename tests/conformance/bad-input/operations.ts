import * as contract from '@switchboard/contract';
import type { Operation } from '@switchboard/contract';

/** What they take is given out for one call: tests/conformance/events/handshakes.test.ts and listen.test.ts abuse them. */
const GOOD_ONCE = new Set(['EventSubscriptions_Validate', 'EventSubscriptions_Allow', 'Admin_AnswerListenerDelivery']);

/** Every operation that the contract declares: a new one is abused from its first day. */
export const OPERATIONS: readonly Operation[] = Object.values<unknown>(contract)
  .filter(isOperation)
  .filter(({ id }) => !GOOD_ONCE.has(id))
  .sort((a, b) => a.id.localeCompare(b.id));

/** Names of the parameters in the path. */
export function paramNamesOf({ path }: Operation): string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!);
}

/** The target of a request, the values percent-encoded unless `encode` does something else. */
export function targetOf(
  operation: Operation,
  values: Readonly<Record<string, string>>,
  encode: (value: string) => string = encodeURIComponent,
): string {
  const path = operation.path.replaceAll(/\{(\w+)\}/g, (_whole, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`no value for the parameter ${name} of ${operation.id}: give one in scene.ts`);
    return encode(value);
  });
  return operation.apiVersion ? `${path}?api-version=${versionOf(operation)}` : path;
}

/** A version that the operation knows. */
export function versionOf({ apiVersion }: Operation): string {
  return (typeof apiVersion === 'object' ? apiVersion[0] : undefined) ?? '2025-03-15';
}

function isOperation(value: unknown): value is Operation {
  return typeof value === 'object' && value !== null && 'id' in value && 'method' in value && 'path' in value && 'responses' in value;
}
