import type { RequestDetail } from './requests-api.ts';

/** What curl sets by itself, or what belongs to one connection or one moment. */
const LEFT_OUT =
  /^(?:host|connection|content-length|accept-encoding|transfer-encoding|date|x-ms-date|x-ms-content-sha256|x-ms-client-request-id|repeatability-.*|sec-.*|origin|referer|cookie|upgrade-insecure-requests)$/i;

export interface CurlServer {
  /** Address of the server, with a slash at its end. */
  readonly endpoint: string;
  /** Path of the local certificate authority. */
  readonly caFile?: string;
}

/**
 * A command that sends the request again. In the place of credentials stand variables; a signature is made anew by
 * `switchboard request`.
 */
export function commandFor(detail: RequestDetail, server: CurlServer): string {
  const body = detail.request?.body?.complete === true ? detail.request.body.text : undefined;
  if (isSigned(detail)) {
    return ['switchboard request', detail.method, quote(detail.path), ...(body === undefined ? [] : ['--body', quote(body)])].join(' ');
  }
  const address = new URL(server.endpoint).origin + detail.path;
  const isEncrypted = server.endpoint.startsWith('https:');
  const lines = [
    `curl -X ${detail.method} ${quote(address)}`,
    ...(isEncrypted && server.caFile ? [`--cacert ${quote(server.caFile)}`] : []),
    ...headersOf(detail).map((header) => `-H ${header}`),
    ...(body === undefined ? [] : [`--data-binary ${quote(body)}`]),
  ];
  return lines.join(' \\\n  ');
}

/** Signed with an access key, over a date that has passed: curl cannot repeat it. */
export function isSigned({ caller }: Pick<RequestDetail, 'caller'>): boolean {
  return caller === 'accessKey';
}

/** Quoted for a shell: credentials in double quotes, so that their variables count. */
function headersOf({ request, caller }: RequestDetail): string[] {
  const variable = caller === 'admin' ? '$ADMIN_KEY' : '$TOKEN';
  const headers = request?.headers ?? (caller === undefined ? [] : [{ name: 'Authorization', value: '' }]);
  return headers.flatMap(({ name, value }) => {
    if (/^authorization$/i.test(name)) return [`"Authorization: Bearer ${variable}"`];
    if (/^x-skypetoken$/i.test(name)) return [`"X-Skypetoken: ${variable}"`];
    return LEFT_OUT.test(name) ? [] : [quote(`${name}: ${value}`)];
  });
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
