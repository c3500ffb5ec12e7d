import { parseDuration } from '../lib/duration.ts';
import { ConfigError } from './config-error.ts';
import { flagOf, type SettingName } from './settings.ts';

export const MINUTE_MS = 60_000;

/** @throws ConfigError when a text is none of those allowed */
export function oneOf<const T extends string>(name: SettingName, text: string, allowed: readonly T[]): T {
  const found = allowed.find((value) => value === text);
  if (found === undefined) throw new ConfigError(`${flagOf(name)} must be ${allowed.join(' or ')}, not ${JSON.stringify(text)}`);
  return found;
}

/** The parts between commas. */
export function listOf(text: string | undefined): string[] {
  return (text ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** Milliseconds. @throws ConfigError */
export function durationOf(name: SettingName, text: string, longestMs: number): number {
  const durationMs = text === '0' ? 0 : parseDuration(text);
  if (durationMs === undefined || durationMs > longestMs)
    throw new ConfigError(
      `${flagOf(name)} must be a time of at most ${longestMs / MINUTE_MS} minutes such as 0s, 30s or PT5M, not ${JSON.stringify(text)}`,
    );
  return durationMs;
}

/** Milliseconds, more than none. @throws ConfigError */
export function positiveDurationOf(name: SettingName, text: string, longestMs: number): number {
  const durationMs = durationOf(name, text, longestMs);
  if (durationMs <= 0) throw new ConfigError(`${flagOf(name)} must be longer than no time at all`);
  return durationMs;
}
