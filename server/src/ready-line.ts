import { urlHost } from './config/index.ts';

/** What a started server tells its caller: the one line of `--json`, and the content of the banner. */
export interface ReadyLine {
  readonly event: 'ready';
  readonly version: string;
  readonly endpoint: string;
  readonly httpEndpoint?: string;
  readonly connectionString: string;
  readonly caFile: string;
  readonly portal: string;
  readonly adminKey: string;
  readonly adminUrl: string;
  readonly clock: 'real' | 'virtual';
  /** Of the ids, when there is one. */
  readonly seed?: number;
  readonly limits: string;
  /** The SFU worker of group calls. */
  readonly media: 'ready' | 'building' | 'unavailable';
  readonly pid: number;
}

/** The name under which a listener is addressed: what was bound, but `localhost` where that means the same. */
export function endpointOf(scheme: 'http' | 'https', host: string, port: number): string {
  const shown = host === '127.0.0.1' || host === '0.0.0.0' || host === '::' ? 'localhost' : urlHost(host);
  return `${scheme}://${shown}:${port}/`;
}

/** The banner of a start in a terminal. */
export function banner(ready: ReadyLine): string {
  const rows: readonly (readonly [string, string])[] = [
    ['Endpoint', ready.endpoint],
    ...(ready.httpEndpoint === undefined ? [] : [['Plain HTTP', ready.httpEndpoint] as const]),
    ['Connection string', ready.connectionString],
    ['Certificate authority', ready.caFile],
    ['Portal', `${ready.portal}#key=${ready.adminKey}`],
    ['Clock', ready.clock],
    ['Limits', `${ready.limits}${ready.limits === 'handbook' ? ' (messages are kept for 30 days)' : ''}`],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return [
    `Switchboard ${ready.version} is ready`,
    '',
    ...rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`),
    ...(ready.seed === undefined ? [] : ['', `IDS CAN BE PREDICTED (--seed ${ready.seed}): use this server for tests only.`]),
    '',
    'Stop with Ctrl+C.',
    '',
  ].join('\n');
}
