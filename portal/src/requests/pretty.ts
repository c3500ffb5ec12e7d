/** A JSON text with one member a line; any other text as it is. */
export function prettyBody(text: string): string {
  const first = text.trimStart()[0];
  if (first !== '{' && first !== '[') return text;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/** "512 bytes", "16 kB". */
export function formatBytes(bytes: number): string {
  const [value, unit] = bytes < 1024 ? [bytes, 'byte'] : bytes < 1_048_576 ? [bytes / 1024, 'kilobyte'] : [bytes / 1_048_576, 'megabyte'];
  const unitDisplay = unit === 'byte' ? 'long' : 'short';
  return new Intl.NumberFormat('en', { style: 'unit', unit, unitDisplay, maximumFractionDigits: value < 10 ? 1 : 0 }).format(value);
}

/** "0.8 ms", "12 ms", "1.2 s". */
export function formatMs(ms: number): string {
  const [value, unit] = ms < 1_000 ? [ms, 'ms'] : [ms / 1_000, 's'];
  return `${value.toLocaleString('en', { maximumFractionDigits: value < 10 ? 1 : 0 })} ${unit}`;
}

/** The part of a raw id that tells users apart at a glance: `…4f2a91`. */
export function shortId(id: string): string {
  return id.length <= 16 ? id : `…${id.slice(-8)}`;
}

/** Longer segments are ids; what tells them apart stands at their beginning, what follows them in the path tells more. */
const longestSegment = 28;

/** A path as people read it: decoded, ids shortened, and without the parameter that every request has. */
export function readablePath(path: string): string {
  const [before = '', query = ''] = path.split('?', 2);
  const parameters = query.split('&').filter((parameter) => parameter !== '' && !parameter.startsWith('api-version='));
  const segments = before.split('/').map((segment) => shortened(decoded(segment)));
  return parameters.length === 0 ? segments.join('/') : `${segments.join('/')}?${decoded(parameters.join('&'))}`;
}

function shortened(segment: string): string {
  return segment.length <= longestSegment ? segment : `${segment.slice(0, 12)}…`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
