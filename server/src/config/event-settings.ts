import { resolve } from 'node:path';
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
}

const LONGEST_ANSWER_MS = 10 * MINUTE_MS;
const LONGEST_DELAY_MS = 60 * MINUTE_MS;

/** @throws ConfigError */
export function eventSettingsOf(texts: SettingTexts): EventSettings {
  return {
    trustedCaFiles: listOf(texts.trustedCaFiles).map((file) => resolve(file)),
    deliveryTimeoutMs: positiveDurationOf('deliveryTimeout', texts.deliveryTimeout ?? '30s', LONGEST_ANSWER_MS),
    deadLetterDelayMs: durationOf('deadLetterDelay', texts.deadLetterDelay ?? '5m', LONGEST_DELAY_MS),
  };
}
