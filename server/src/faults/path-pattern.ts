import type { Operation } from '@switchboard/contract';

/** Any one value; with a verb behind it (`{id}:play`) any value before that verb. */
interface Any {
  readonly verb: string;
}

/** A path of literals and `{names}`, compared segment by segment. */
export type PathPattern = readonly (string | Any)[];

/** @returns undefined for what is no path: without a leading slash, with a query, badly encoded */
export function parsePattern(text: string): PathPattern | undefined {
  if (!/^\/[^?#]*$/.test(text)) return undefined;
  try {
    return segmentsOf(text).map((segment) => anyOf(segment) ?? decodeURIComponent(segment));
  } catch {
    return undefined;
  }
}

/** Whether some request for the operation has such a path. */
export function mayFit(pattern: PathPattern, { path }: Operation): boolean {
  const segments = segmentsOf(path);
  return pattern.length === segments.length && pattern.every((part, i) => segmentMayFit(part, segments[i] as string));
}

/** Whether the path of a request for the operation fits. */
export function fits(pattern: PathPattern, { path }: Operation, params: Readonly<Record<string, string>>): boolean {
  const segments = segmentsOf(path);
  return (
    pattern.length === segments.length &&
    pattern.every((part, i) => {
      const actual = (segments[i] as string).replace(/^\{(\w+)\}/, (_whole, name: string) => params[name] ?? '');
      return typeof part === 'string' ? part === actual : actual.endsWith(part.verb);
    })
  );
}

function segmentMayFit(part: string | Any, segment: string): boolean {
  const parameter = anyOf(segment);
  if (parameter === undefined) return typeof part === 'string' ? part === segment : segment.endsWith(part.verb);
  if (typeof part === 'string') return part.endsWith(parameter.verb);
  return part.verb === '' || part.verb.endsWith(parameter.verb);
}

function anyOf(segment: string): Any | undefined {
  const verb = /^\{\w+\}(:\w+)?$/.exec(segment);
  return verb === null ? undefined : { verb: verb[1] ?? '' };
}

function segmentsOf(path: string): readonly string[] {
  return path.split('/').slice(1);
}
