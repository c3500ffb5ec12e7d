import type { Operation } from '@switchboard/contract';

/** What is shown in the place of a credential. */
const MASK = '•••';

const SECRET_HEADERS: ReadonlySet<string> = new Set([
  'authorization',
  'x-skypetoken',
  'aeg-sas-key',
  'aeg-sas-token',
  'cookie',
  'set-cookie',
  'proxy-authorization',
]);
const THEIR_LENGTHS: ReadonlySet<number> = new Set([...SECRET_HEADERS].map(({ length }) => length));

/**
 * Takes the credentials out of a list of headers, in its place, so that none stays in memory for the sake of the log. What
 * remains tells their kind.
 *
 * @param headers names and values in turn
 */
export function maskHeaders(headers: string[]): void {
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] as string;
    if (THEIR_LENGTHS.has(name.length) && SECRET_HEADERS.has(name.toLowerCase())) headers[i + 1] = maskCredential(headers[i + 1] as string);
  }
}

/** `Bearer •••`; of a signature also which headers it covers. */
function maskCredential(credential: string): string {
  const scheme = /^(?:bearer |basic |HMAC-SHA256 (?:SignedHeaders=[\w;-]{1,200}&Signature=)?)/i.exec(credential)?.[0] ?? '';
  return `${scheme}${MASK}`;
}

/** Members of JSON texts that hold credentials, with their values, which may be cut off. */
const SECRET_MEMBER = /"(\w{0,40}(?:token|key\d?|secret|password|signature|connectionstring)|s[ir]g?)"(\s*:\s*)"(?:[^"\\]|\\.)*(?:"|$)/gi;
const JWT = /\beyJ[\w-]{8,}(?:\.[\w-]*){0,2}/g;
const KEY_OF_CONNECTION_STRING = /(accesskey=)[\w+/=]+/gi;

/** Queries of addresses that events are sent to. */
const QUERY_OF_ENDPOINT = /("endpointUrl"\s*:\s*"[^"?]{0,4096}\?)[^"]*/gi;

/** A body without tokens, keys and signatures. */
export function maskText(text: string): string {
  return text
    .replace(SECRET_MEMBER, (_all, name: string, colon: string) => `"${name}"${colon}"${MASK}"`)
    .replace(JWT, MASK)
    .replace(QUERY_OF_ENDPOINT, `$1${MASK}`)
    .replace(KEY_OF_CONNECTION_STRING, `$1${MASK}`);
}

const LONGEST_TARGET = 1_024;
/** Declared parameters that carry the signed session of a live connection. */
const SECRET_PARAMETERS: ReadonlySet<string> = new Set(['sr', 'sig']);

/** A request target with the values of those query parameters alone that the operation declares: others may be credentials. */
export function maskTarget(target: string, operation: Operation | undefined): string {
  const cut = target.slice(0, LONGEST_TARGET);
  const mark = cut.indexOf('?');
  if (mark === -1) return cut;
  const declared = operation?.query?.properties ?? {};
  const parameters = cut.slice(mark + 1).split('&');
  const shown = parameters.map((parameter) => {
    const equals = parameter.indexOf('=');
    if (equals === -1) return parameter;
    const name = parameter.slice(0, equals);
    return Object.hasOwn(declared, name) && !SECRET_PARAMETERS.has(name) ? parameter : `${name}=${MASK}`;
  });
  return `${cut.slice(0, mark)}?${shown.join('&')}`;
}
