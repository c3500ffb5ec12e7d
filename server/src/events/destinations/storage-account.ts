import { createHmac } from 'node:crypto';
import type { HttpAnswer, OutgoingRequest } from '../../egress/index.ts';

export type StorageService = 'blob' | 'queue';

export interface StorageCall {
  readonly service: StorageService;
  readonly method: 'PUT' | 'POST';
  /** Below the service, e.g. `/container/name`; not encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The account that everybody's storage emulator has, with its published key. */
const EMULATOR = {
  AccountName: 'devstoreaccount1',
  AccountKey: 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==',
  BlobEndpoint: 'http://127.0.0.1:10000/devstoreaccount1',
  QueueEndpoint: 'http://127.0.0.1:10001/devstoreaccount1',
};

/** The oldest that knows everything used here; emulators know it, too. */
const SERVICE_VERSION = '2019-12-12';

/**
 * An Azure storage account, or an emulator of one, by its connection string. Two calls of its REST interface are all that
 * deliveries need; made with our own client they are bounded like every other.
 */
export class StorageAccount {
  readonly #parts: Readonly<Record<string, string>>;

  private constructor(parts: Readonly<Record<string, string>>) {
    this.#parts = parts;
  }

  /** @returns undefined for what is no connection string, or has not this service */
  static parse(text: string, service: StorageService): StorageAccount | undefined {
    const given = Object.fromEntries(
      text.split(';').flatMap((part) => {
        const [, name, value] = /^\s*(\w+)=(.*)$/.exec(part) ?? [];
        return name === undefined || value === undefined ? [] : [[name, value.trim()]];
      }),
    );
    const parts = given['UseDevelopmentStorage'] === 'true' ? { ...EMULATOR, ...given } : given;
    const isSigned = parts['SharedAccessSignature'] !== undefined || Boolean(parts['AccountName'] && parts['AccountKey']);
    const account = new StorageAccount(parts);
    return isSigned && account.#endpoint(service) !== undefined ? account : undefined;
  }

  /**
   * A call, signed with the key of the account or carrying the signature of the connection string.
   *
   * @param nowMs real time: the service refuses what was signed a quarter of an hour before or after its own
   */
  request(call: StorageCall, nowMs: number): Pick<OutgoingRequest, 'method' | 'url' | 'headers' | 'body'> {
    const { method, headers, body } = call;
    const url = this.#url(call);
    const all = { ...headers, 'x-ms-date': new Date(nowMs).toUTCString(), 'x-ms-version': SERVICE_VERSION };
    const { AccountName: name, AccountKey: key } = this.#parts;
    if (name === undefined || key === undefined) return { method, url, headers: all, body };
    const signature = createHmac('sha256', Buffer.from(key, 'base64')).update(stringToSign(name, { ...call, headers: all }, url), 'utf8');
    return { method, url, headers: { ...all, authorization: `SharedKey ${name}:${signature.digest('base64')}` }, body };
  }

  #url({ service, path, query = {} }: StorageCall): URL {
    const url = new URL(this.#endpoint(service) ?? '');
    url.pathname = url.pathname.replace(/\/$/, '') + path;
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    const sas = this.#parts['SharedAccessSignature'];
    if (sas !== undefined) for (const [name, value] of new URLSearchParams(sas)) url.searchParams.set(name, value);
    return url;
  }

  #endpoint(service: StorageService): string | undefined {
    const parts = this.#parts;
    const given = parts[service === 'blob' ? 'BlobEndpoint' : 'QueueEndpoint'];
    if (given !== undefined) return /^https?:/.test(given) && URL.canParse(given) ? given : undefined;
    const { AccountName: name, DefaultEndpointsProtocol: protocol = 'https', EndpointSuffix: suffix = 'core.windows.net' } = parts;
    const usual = `${protocol}://${name ?? ''}.${service}.${suffix}`;
    return name === undefined || !URL.canParse(usual) ? undefined : usual;
  }
}

/** What a service of an account says of a call that it refused, in one line; empty when it took it. */
export function refusalOf({ status, headers, body }: HttpAnswer): string {
  if (status < 300) return '';
  const text = body.toString('utf8');
  // "Status and error codes": a code, and a message whose first line is for people.
  const [, code = String(headers['x-ms-error-code'] ?? '')] = /<Code>([^<]*)</.exec(text) ?? [];
  const [, message = code === '' ? text : ''] = /<Message>([^<\r\n]*)/.exec(text) ?? [];
  return [code, message].filter((part) => part !== '').join(': ');
}

/** "Authorize with Shared Key", version 2009-09-19 and later. */
function stringToSign(account: string, { method, headers, query = {}, body }: StorageCall, url: URL): string {
  const own = Object.entries(headers).filter(([name]) => name.startsWith('x-ms-'));
  const canonicalHeaders = own.map(([name, value]) => `${name}:${value}`).sort();
  const parameters = Object.entries(query)
    .map(([name, value]) => `${name.toLowerCase()}:${value}`)
    .sort();
  const length = Buffer.byteLength(body);
  // Encoding, language, length, MD5, type, date, four conditions and range.
  const standard = ['', '', length === 0 ? '' : String(length), '', headers['content-type'] ?? '', '', '', '', '', '', ''];
  return [method, ...standard, ...canonicalHeaders, `/${account}${url.pathname}`, ...parameters].join('\n');
}
