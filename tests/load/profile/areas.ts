/** A function as a CPU profile names it. */
export interface CallFrame {
  readonly functionName: string;
  /** Address of the script; empty for native functions. */
  readonly url: string;
  /** From 0 on. */
  readonly lineNumber: number;
}

/** Native methods of sockets that end in a system call. */
const kernelWrites = /^write(?:Latin1String|Utf8String|AsciiString|Ucs2String|Buffer|v)$/;
const sqliteMethods = new Set(['run', 'get', 'all', 'iterate', 'exec', 'prepare']);
/** V8's own names for what is no function. */
const special: Readonly<Record<string, string>> = {
  '(garbage collector)': 'garbage collection',
  '(program)': 'native code outside functions',
  '(root)': 'native code outside functions',
};
/** Node's own modules by the beginning of their address, first match. */
const nodeModules: readonly (readonly [prefix: string, area: string])[] = [
  ['node:_http', 'node http'],
  ['node:internal/http', 'node http'],
  ['node:internal/crypto', 'crypto'],
  ['node:crypto', 'crypto'],
  ['node:fs', 'node files'],
  ['node:internal/fs', 'node files'],
  ['node:net', 'node sockets and streams'],
  ['node:internal/stream', 'node sockets and streams'],
  ['node:internal/net', 'node sockets and streams'],
  ['node:', 'node, other'],
];

/**
 * Where self time of a function belongs: `kernel writes`, `sqlite`, `node http`, `package NAME`, `ours FOLDER` …
 * A native function has no address; unless its name tells, it counts as work of `caller`, the nearest frame that has one.
 */
export function areaOf({ functionName, url }: CallFrame, caller: CallFrame | undefined): string {
  const known = special[functionName];
  if (known !== undefined) return known;
  if (url !== '') return areaOfUrl(url);
  if (kernelWrites.test(functionName)) return 'kernel writes';
  const area = caller === undefined ? 'native code outside functions' : areaOfUrl(caller.url);
  return area.startsWith('ours storage') && sqliteMethods.has(functionName) ? 'sqlite' : area;
}

function areaOfUrl(url: string): string {
  const node = nodeModules.find(([prefix]) => url.startsWith(prefix));
  if (node !== undefined) return node[1];
  const name = packageOf(url);
  if (name !== undefined) return `package ${name}`;
  return `ours ${/\/server\/src\/(.+)\/[^/]+$/.exec(url)?.[1] ?? /\/([^/]+)\/src\//.exec(url)?.[1] ?? 'other'}`;
}

function packageOf(url: string): string | undefined {
  const marker = '/node_modules/';
  const start = url.lastIndexOf(marker);
  return start < 0 ? undefined : /^(?:@[^/]+\/)?[^/]+/.exec(url.slice(start + marker.length))?.[0];
}
