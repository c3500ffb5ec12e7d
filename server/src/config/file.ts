import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { messageOf } from '../lib/errors.ts';
import { ConfigError } from './config-error.ts';
import { isSettingName, SETTINGS, type SettingTexts } from './settings.ts';

/** Settings of a YAML or JSON file. @throws ConfigError naming the file and what is wrong in it */
export function settingsFromFile(file: string): SettingTexts {
  const content = readYaml(file);
  const texts: Record<string, string> = {};
  for (const [name, value] of Object.entries(content)) {
    if (!isSettingName(name))
      throw new ConfigError(`${file}: there is no setting ${JSON.stringify(name)}; the settings are ${Object.keys(SETTINGS).join(', ')}`);
    // Settings that can be a section.
    if ((name === 'fixtures' || name === 'eventEndpoints') && typeof value === 'object') texts[name] = JSON.stringify(value ?? {});
    else if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean')
      throw new ConfigError(`${file}: ${name} must be a text, a number, or true or false`);
    else texts[name] = String(value);
  }
  return texts;
}

/** The content of YAML or JSON text. @throws ConfigError naming where it came from */
export function parseYaml(text: string, source: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    throw new ConfigError(`${source} cannot be read: ${messageOf(error)}`);
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new ConfigError(`${file} cannot be read: ${messageOf(error)}`);
  }
}

/** A mapping read from a YAML or JSON file. @throws ConfigError */
export function readYaml(file: string): Readonly<Record<string, unknown>> {
  const content = parseYaml(readText(file), file);
  if (content === null || content === undefined) return {};
  if (typeof content !== 'object' || Array.isArray(content)) throw new ConfigError(`${file} must hold a mapping of names to values`);
  return content as Readonly<Record<string, unknown>>;
}
