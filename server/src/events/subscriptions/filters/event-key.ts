import type { InputSchema } from '@switchboard/contract';
import type { Event } from '../../event.ts';

/** Finds a value in an event; undefined where there is none. */
export type ValueOf = (event: Event) => unknown;

/** Members of the envelope by their names in both schemas, lower case: whoever filters may use either. */
const MEMBERS: ReadonlyMap<string, ValueOf> = new Map<string, ValueOf>([
  ['id', ({ id }) => id],
  ['topic', ({ topic, cloud }) => cloud?.['source'] ?? topic],
  ['source', ({ topic, cloud }) => cloud?.['source'] ?? topic],
  ['subject', ({ subject, cloud }) => (cloud === undefined ? subject : cloud['subject'])],
  ['eventtype', ({ type }) => type],
  ['type', ({ type }) => type],
  ['eventtime', timeOf],
  ['time', timeOf],
  ['dataversion', ({ dataVersion }) => dataVersion],
  ['specversion', () => '1.0'],
  ['data', ({ data }) => data],
]);

/**
 * Compiles a key of a filter or of a dynamic header, e.g. `subject` or `data.message.type` (wire/event-grid.md 2). Names of
 * the envelope are compared without case, as the service's own examples write them (`Subject`, `Data.Key1`), names inside
 * of the data exactly. Only what an event has of its own is found, and nothing inside of arrays.
 */
export function valueOf(key: string): ValueOf {
  const path = key.split('.');
  const [head = '', ...rest] = path;
  const member = MEMBERS.get(head.toLowerCase());
  return (event) => {
    if (event.isCustom === true) {
      const found = walk(event.data, path);
      if (found !== undefined) return found;
    }
    return walk(member === undefined ? own(event.cloud, head.toLowerCase()) : member(event), rest);
  };
}

/** What is wrong with a key for events of a source, if anything. */
export function keyProblem(key: string, input: InputSchema): string | undefined {
  if (key.includes('\\')) return 'must not hold a backslash: there is no way to write a dot that is part of a name';
  if (key.split('.').some((name) => name === '')) return 'must be names with single dots between them';
  const head = key.split('.', 1)[0]?.toLowerCase() ?? '';
  if (input === 'CustomEventSchema' || MEMBERS.has(head)) return undefined;
  // Names of extension attributes: CloudEvents 1.0, "Attribute naming convention".
  if (input === 'CloudEventSchemaV1_0' && /^[a-z0-9]+$/.test(head)) return undefined;
  return 'must be id, topic, subject, eventType, dataVersion, source, type, specversion, or begin with data.';
}

function timeOf({ atMs, time }: Event): string {
  return time ?? new Date(atMs).toISOString();
}

function walk(from: unknown, path: readonly string[]): unknown {
  let found = from;
  for (const name of path) found = own(found, name);
  return found;
}

/** Data is a stranger's: `__proto__` and `constructor` lead nowhere, unless it has them of its own. */
function own(of: unknown, name: string): unknown {
  if (typeof of !== 'object' || of === null || Array.isArray(of) || !Object.hasOwn(of, name)) return undefined;
  return (of as Readonly<Record<string, unknown>>)[name];
}
