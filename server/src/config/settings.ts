/** One setting: its name in a configuration file, its flag and its variable are the same words. */
export interface SettingDefinition {
  /** Placeholder in the help; absent for switches. */
  readonly value?: string;
  readonly help: string;
  /** Not offered as a flag: command lines are visible to other users of the machine. */
  readonly secret?: boolean;
}

/** Every setting. `--http-port`, `SWITCHBOARD_HTTP_PORT` and `httpPort` in a file are one; a flag beats a variable beats the file. */
export const SETTINGS = {
  port: { value: 'N', help: 'HTTPS port, 0 for any free one (8443)' },
  httpPort: { value: 'N', help: 'plain HTTP port, 0 for any free one, off for none (8080)' },
  host: { value: 'H', help: 'address to bind (127.0.0.1)' },
  data: { value: 'DIR', help: 'data folder (./.switchboard)' },
  memory: { help: 'keep nothing' },
  database: { value: 'URL', help: 'postgres://… instead of embedded SQLite' },
  bus: { value: 'URL', help: 'nats://… instead of in-process' },
  clock: { value: 'KIND', help: 'real, or virtual: stands still until it is advanced (real)' },
  seed: { value: 'N', help: 'whole number that makes ids repeatable, for tests only (ids are random)' },
  fixtures: { value: 'FILE', help: 'file of users, threads and messages to begin with; a settings file may hold them itself (none)' },
  limits: { value: 'PRESET', help: 'handbook, azure, or a file of own limits (handbook)' },
  publicHosts: { value: 'NAMES', help: 'further host names under which clients reach the server, separated by commas' },
  certFile: { value: 'FILE', help: 'own TLS certificate (PEM), with keyFile' },
  keyFile: { value: 'FILE', help: 'key of the own TLS certificate (PEM)' },
  egress: { value: 'KIND', help: 'any, or public: webhooks and other named targets must have public addresses (any)' },
  trustedCaFiles: { value: 'FILES', help: 'authorities (PEM) to trust when calling endpoints, separated by commas' },
  deliveryTimeout: { value: 'TIME', help: 'how long an endpoint may take to answer an event, at most 10 minutes (30s)' },
  deadLetters: { value: 'DIR', help: 'folder for events that could not be delivered (dead-letters in the data folder)' },
  deadLetterDelay: { value: 'TIME', help: 'from the last attempt at an event to its dead letter, at most 1 hour (5m)' },
  phoneNumberOperationTime: {
    value: 'TIME',
    help: 'how long searching, purchasing, changing and releasing phone numbers takes, at most 5 minutes (0s)',
  },
  smsInDoubt: {
    value: 'MODE',
    help: 'at-least-once: a text message that a carrier may have taken when the server or the connection ended goes out again; at-most-once: it fails (at-least-once)',
  },
  smsReassemblyTime: { value: 'TIME', help: 'how long segments of a text message from a phone wait for the others, at most a week (10m)' },
  revocationDelay: { value: 'TIME', help: 'how long revoked tokens go on working, e.g. 0s (5m)' },
  signatureDates: { value: 'MODE', help: 'check, or ignore: accept access-key signatures of any date (check)' },
  inspect: { value: 'MODE', help: 'on, or off: remember headers and bodies of the last requests, in memory (on where bound to loopback)' },
  drainTime: { value: 'TIME', help: 'how long a stopping server lets live clients move to another node first, e.g. 10s (0s)' },
  quickReconnect: { value: 'MODE', help: 'on: live clients come back in one step, over a socket at /v4/c (off)' },
  logLevel: { value: 'LEVEL', help: 'error, warn, info, debug or silent (warn)' },
  entraIssuer: { value: 'URL', help: 'directory issuer whose user tokens may be exchanged' },
  entraAudience: { value: 'NAMES', help: 'audiences accepted in those tokens, separated by commas' },
  eventEndpoints: {
    value: 'MAP',
    help: 'resource ids of queues, blobs and functions, each with its connection string or URL',
    secret: true,
  },
  eventTokenIssuer: { value: 'URL', help: 'directory issuer of tokens for webhooks that ask for them, {tenant} in it for their tenant' },
  eventClientId: { value: 'ID', help: 'client id for those tokens' },
  eventClientSecret: { value: 'SECRET', help: 'secret of that client', secret: true },
  accessKey: { value: 'KEY', help: 'primary key of resource local: base64, or generate', secret: true },
  adminKey: { value: 'KEY', help: 'key of the admin API', secret: true },
  masterKey: { value: 'KEY', help: '32 bytes, base64: encrypts what is stored, instead of the file master.key', secret: true },
} as const satisfies Readonly<Record<string, SettingDefinition>>;

export type SettingName = keyof typeof SETTINGS;

/** Settings as text, from whichever source. */
export type SettingTexts = Partial<Readonly<Record<SettingName, string>>>;

export function isSettingName(name: string): name is SettingName {
  return Object.hasOwn(SETTINGS, name);
}

/** `httpPort` → `--http-port`. */
export function flagOf(name: SettingName): string {
  return `--${kebab(name)}`;
}

/** `httpPort` → `SWITCHBOARD_HTTP_PORT`. */
export function variableOf(name: SettingName): string {
  return `SWITCHBOARD_${kebab(name).replaceAll('-', '_').toUpperCase()}`;
}

function kebab(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
