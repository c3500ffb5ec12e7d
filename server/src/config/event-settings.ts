import { resolve } from 'node:path';
import { ConfigError } from './config-error.ts';
import { parseYaml } from './file.ts';
import type { SettingTexts } from './settings.ts';
import { durationOf, listOf, MINUTE_MS, positiveDurationOf } from './values.ts';

/** What an operator says of the delivery of events. */
export interface EventSettings {
  /** PEM files of authorities that are trusted beside the usual ones when endpoints are called. */
  readonly trustedCaFiles: readonly string[];
  /** How long an endpoint may take to answer an event. */
  readonly deliveryTimeoutMs: number;
  /** From the last attempt at an event to its dead letter. */
  readonly deadLetterDelayMs: number;
  /** Where dead letters lie that subscriptions want in a folder; undefined for the usual place in the data folder. */
  readonly deadLetterFolder: string | undefined;
  /** Where tokens for webhooks come from. */
  readonly eventTokens: { readonly issuer: string; readonly clientId: string; readonly clientSecret: string } | undefined;
  /** Resource id in lower case → connection string of a storage account, or URL of a Functions host. */
  readonly eventEndpoints: ReadonlyMap<string, string>;
}

const LONGEST_ANSWER_MS = 10 * MINUTE_MS;
const LONGEST_DELAY_MS = 60 * MINUTE_MS;

/** @throws ConfigError */
export function eventSettingsOf(texts: SettingTexts): EventSettings {
  return {
    trustedCaFiles: listOf(texts.trustedCaFiles).map((file) => resolve(file)),
    deliveryTimeoutMs: positiveDurationOf('deliveryTimeout', texts.deliveryTimeout ?? '30s', LONGEST_ANSWER_MS),
    deadLetterDelayMs: durationOf('deadLetterDelay', texts.deadLetterDelay ?? '5m', LONGEST_DELAY_MS),
    deadLetterFolder: texts.deadLetters === undefined ? undefined : resolve(texts.deadLetters),
    eventTokens: tokensOf(texts),
    eventEndpoints: endpointsOf(texts.eventEndpoints),
  };
}

function tokensOf({
  eventTokenIssuer: issuer,
  eventClientId: clientId,
  eventClientSecret: clientSecret,
}: SettingTexts): EventSettings['eventTokens'] {
  if (issuer === undefined && clientId === undefined && clientSecret === undefined) return undefined;
  if (issuer === undefined || clientId === undefined || clientSecret === undefined)
    throw new ConfigError('eventTokenIssuer, eventClientId and eventClientSecret belong together; one is missing');
  if (!URL.canParse(issuer)) throw new ConfigError('--event-token-issuer must be a URL');
  return { issuer, clientId, clientSecret };
}

function endpointsOf(text: string | undefined): ReadonlyMap<string, string> {
  const content = text === undefined ? {} : parseYaml(text, 'eventEndpoints');
  const entries = typeof content === 'object' && content !== null && !Array.isArray(content) ? Object.entries(content) : undefined;
  if (entries === undefined) throw new ConfigError('eventEndpoints must map resource ids to connection strings or URLs');
  return new Map(
    entries.map(([id, endpoint]) => {
      if (typeof endpoint !== 'string') throw new ConfigError(`eventEndpoints: what ${id} stands for must be a text`);
      return [id.toLowerCase(), endpoint];
    }),
  );
}
