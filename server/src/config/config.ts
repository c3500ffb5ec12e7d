import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { messageOf } from '../lib/errors.ts';
import type { LogLevel } from '../lib/log.ts';
import { Limits } from '../limits/index.ts';
import { ConfigError } from './config-error.ts';
import { type EventSettings, eventSettingsOf } from './event-settings.ts';
import { readYaml } from './file.ts';
import { fixturesOf, type GivenFixtures } from './fixtures.ts';
import { flagOf, type SettingName, type SettingTexts } from './settings.ts';
import { durationOf, listOf, MINUTE_MS, oneOf } from './values.ts';

/** Checked configuration of one server. */
export interface Config extends EventSettings {
  readonly host: string;
  readonly port: number;
  readonly httpPort: number | undefined;
  readonly data: { readonly kind: 'memory' } | { readonly kind: 'folder'; readonly folder: string };
  readonly database: { readonly kind: 'sqlite' } | { readonly kind: 'postgres'; readonly url: string };
  readonly clock: 'real' | 'virtual';
  /** Undefined for ids that nobody can guess. */
  readonly seed: number | undefined;
  readonly limits:
    { readonly preset: 'handbook' | 'azure' } | { readonly preset: 'custom'; readonly values: Readonly<Record<string, number | null>> };
  /** What a state begins with. */
  readonly fixtures: GivenFixtures | undefined;
  readonly publicHosts: readonly string[];
  readonly ownCertificate: { readonly certFile: string; readonly keyFile: string } | undefined;
  /** Where the server may connect to when others name the target. */
  readonly egress: 'any' | 'public';
  /** How long long-running operations on phone numbers take. */
  readonly phoneNumberOperationMs: number;
  /** Whether a text message goes out again that a carrier may have taken. */
  readonly smsInDoubt: 'at-least-once' | 'at-most-once';
  /** How long segments of a text message from a phone wait for the others. */
  readonly smsReassemblyMs: number;
  readonly revocationDelayMs: number;
  readonly checkSignatureDates: boolean;
  /** Whether headers and bodies of requests are remembered for a while, in memory. */
  readonly inspect: boolean;
  readonly logLevel: LogLevel;
  /** Whether live clients are offered to come back in one step. */
  readonly quickReconnect: boolean;
  /** How long a stopping server waits for live clients to move to another node. */
  readonly drainMs: number;
  readonly entra: { readonly issuer: string; readonly audiences: readonly string[] } | undefined;
  readonly accessKey: AccessKeyChoice;
  readonly adminKey: string | undefined;
  readonly masterKey: string | undefined;
}

export type AccessKeyChoice =
  { readonly kind: 'well-known' } | { readonly kind: 'generate' } | { readonly kind: 'given'; readonly key: string };

/** Known to everybody, so a server that others can reach refuses to start with it. */
export const WELL_KNOWN_KEY = 'c3dpdGNoYm9hcmQtbG9jYWwtZGV2ZWxvcG1lbnQta2V5LTAwMQ==';

/**
 * Checks settings and their combinations.
 *
 * @throws ConfigError that names the setting, what is wrong, and what to do
 */
export function checkSettings(texts: SettingTexts): Config {
  const host = texts.host ?? '127.0.0.1';
  const accessKey = accessKeyOf(texts.accessKey);
  refuseContradictions(texts, { host, accessKey });
  return {
    host,
    port: portOf('port', texts.port ?? '8443'),
    httpPort: texts.httpPort === 'off' ? undefined : portOf('httpPort', texts.httpPort ?? '8080'),
    data: switchOf('memory', texts.memory) ? { kind: 'memory' } : { kind: 'folder', folder: resolve(texts.data ?? '.switchboard') },
    database: databaseOf(texts.database),
    clock: oneOf('clock', texts.clock ?? 'real', ['real', 'virtual']),
    seed: seedOf(texts.seed),
    limits: limitsOf(texts.limits ?? 'handbook'),
    fixtures: fixturesOf(texts.fixtures),
    publicHosts: listOf(texts.publicHosts).map((name) => name.toLowerCase()),
    ownCertificate: certificateOf(texts),
    egress: oneOf('egress', texts.egress ?? 'any', ['any', 'public']),
    ...eventSettingsOf(texts),
    ...phoneNumbersOf(texts),
    ...smsOf(texts),
    revocationDelayMs: durationOf('revocationDelay', texts.revocationDelay ?? '5m', LONGEST_DELAY_MS),
    checkSignatureDates: oneOf('signatureDates', texts.signatureDates ?? 'check', ['check', 'ignore']) === 'check',
    // Message texts are private where others than the developer use the server.
    inspect: oneOf('inspect', texts.inspect ?? (isLoopbackAddress(host) ? 'on' : 'off'), ['on', 'off']) === 'on',
    logLevel: oneOf('logLevel', texts.logLevel ?? 'warn', ['error', 'warn', 'info', 'debug', 'silent']),
    ...liveOf(texts),
    entra: entraOf(texts),
    accessKey,
    adminKey: adminKeyOf(texts.adminKey),
    masterKey: masterKeyOf(texts.masterKey),
  };
}

function refuseContradictions(texts: SettingTexts, { host, accessKey }: Pick<Config, 'host' | 'accessKey'>): void {
  const isWellKnown = accessKey.kind === 'well-known' || (accessKey.kind === 'given' && accessKey.key === WELL_KNOWN_KEY);
  if (!isLoopbackAddress(host) && isWellKnown) {
    throw new ConfigError(
      `${flagOf('host')} ${host} can be reached from other machines, and the access key is the well-known development key; set SWITCHBOARD_ACCESS_KEY=generate (or a key of your own) to start`,
    );
  }
  if (!isLoopbackAddress(host) && texts.seed !== undefined) {
    throw new ConfigError(
      `${flagOf('seed')} makes ids that anybody can predict, and ${flagOf('host')} ${host} can be reached from other machines; leave one of them out`,
    );
  }
  if (texts.bus !== undefined)
    throw new ConfigError(`${flagOf('bus')}: several nodes are not supported by this version; leave the bus out to run one node`);
  if (texts.memory === 'true' && texts.database !== undefined)
    throw new ConfigError(`${flagOf('memory')} and ${flagOf('database')} exclude each other`);
}

export function isLoopbackAddress(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);
}

function portOf(name: SettingName, text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
  if (!(port <= 65_535))
    throw new ConfigError(
      `${flagOf(name)} must be a port from 0 to 65535${name === 'httpPort' ? ', or off' : ''}, not ${JSON.stringify(text)}`,
    );
  return port;
}

function seedOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const seed = /^\d{1,16}$/.test(text) ? Number(text) : NaN;
  if (!Number.isSafeInteger(seed))
    throw new ConfigError(`${flagOf('seed')} must be a whole number such as 42, not ${JSON.stringify(text)}`);
  return seed;
}

function switchOf(name: SettingName, text: string | undefined): boolean {
  return text !== undefined && oneOf(name, text, ['true', 'false']) === 'true';
}

function databaseOf(url: string | undefined): Config['database'] {
  if (url === undefined) return { kind: 'sqlite' };
  if (!/^postgres(?:ql)?:\/\//.test(url)) throw new ConfigError(`${flagOf('database')} must begin with postgres://`);
  return { kind: 'postgres', url };
}

function limitsOf(text: string): Config['limits'] {
  if (text === 'handbook' || text === 'azure') return { preset: text };
  const values: Record<string, number | null> = {};
  for (const [name, value] of Object.entries(readYaml(text))) {
    if (value !== null && typeof value !== 'number') throw new ConfigError(`${text}: ${name} must be a number or null`);
    values[name] = value;
  }
  try {
    new Limits({ preset: 'custom', values });
  } catch (error) {
    throw new ConfigError(`${text}: ${messageOf(error)}`);
  }
  return { preset: 'custom', values };
}

function certificateOf({ certFile, keyFile }: SettingTexts): Config['ownCertificate'] {
  if (certFile === undefined && keyFile === undefined) return undefined;
  if (certFile === undefined || keyFile === undefined)
    throw new ConfigError(`${flagOf('certFile')} and ${flagOf('keyFile')} belong together; one is missing`);
  return { certFile, keyFile };
}

function phoneNumbersOf({ phoneNumberOperationTime = '0s' }: SettingTexts): Pick<Config, 'phoneNumberOperationMs'> {
  return { phoneNumberOperationMs: durationOf('phoneNumberOperationTime', phoneNumberOperationTime, LONGEST_DELAY_MS) };
}

function smsOf({ smsInDoubt = 'at-least-once', smsReassemblyTime = '10m' }: SettingTexts): Pick<Config, 'smsInDoubt' | 'smsReassemblyMs'> {
  return {
    smsInDoubt: oneOf('smsInDoubt', smsInDoubt, ['at-least-once', 'at-most-once']),
    smsReassemblyMs: durationOf('smsReassemblyTime', smsReassemblyTime, LONGEST_REASSEMBLY_MS),
  };
}

function liveOf({ quickReconnect = 'off', drainTime = '0s' }: SettingTexts): Pick<Config, 'quickReconnect' | 'drainMs'> {
  return {
    quickReconnect: oneOf('quickReconnect', quickReconnect, ['on', 'off']) === 'on',
    drainMs: durationOf('drainTime', drainTime, LONGEST_DRAIN_MS),
  };
}

const LONGEST_DELAY_MS = 5 * MINUTE_MS;
/** Phones wait no longer for segments either. */
const LONGEST_REASSEMBLY_MS = 7 * 24 * 60 * MINUTE_MS;
const LONGEST_DRAIN_MS = 10 * MINUTE_MS;

function entraOf({ entraIssuer, entraAudience }: SettingTexts): Config['entra'] {
  if (entraIssuer === undefined) return undefined;
  const audiences = listOf(entraAudience);
  if (!URL.canParse(entraIssuer)) throw new ConfigError(`${flagOf('entraIssuer')} must be a URL`);
  if (audiences.length === 0)
    throw new ConfigError(
      `${flagOf('entraIssuer')} needs ${flagOf('entraAudience')}: without it, tokens made for other applications would be accepted`,
    );
  return { issuer: entraIssuer, audiences };
}

function accessKeyOf(text: string | undefined): AccessKeyChoice {
  if (text === undefined) return { kind: 'well-known' };
  if (text === 'generate') return { kind: 'generate' };
  if (!/^[A-Za-z0-9+/]{42,}={0,2}$/.test(text))
    throw new ConfigError('SWITCHBOARD_ACCESS_KEY must be at least 32 bytes as base64, or generate');
  return { kind: 'given', key: text };
}

const MASTER_KEY_BYTES = 32;

function masterKeyOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const { length } = Buffer.from(text.trim(), 'base64');
  if (length !== MASTER_KEY_BYTES)
    throw new ConfigError(`SWITCHBOARD_MASTER_KEY must hold ${MASTER_KEY_BYTES} bytes as base64 (44 characters); it holds ${length} bytes`);
  return text;
}

function adminKeyOf(text: string | undefined): string | undefined {
  if (text !== undefined && !/^[\x21-\x7e]{16,256}$/.test(text))
    throw new ConfigError('SWITCHBOARD_ADMIN_KEY must be 16 to 256 visible ASCII characters');
  return text;
}

/** Brackets around IPv6, for addresses in URLs. */
export function urlHost(host: string): string {
  return isIP(host) === 6 ? `[${host}]` : host;
}
