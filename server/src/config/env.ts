import { SETTINGS, type SettingName, type SettingTexts, variableOf } from './settings.ts';

/** The settings given as environment variables. Nothing else reads the environment. */
export function settingsFromEnvironment(environment: Readonly<Record<string, string | undefined>> = process.env): SettingTexts {
  const names = Object.keys(SETTINGS) as SettingName[];
  return Object.fromEntries(
    names.flatMap((name) => {
      const text = environment[variableOf(name)];
      return text === undefined || text === '' ? [] : [[name, text]];
    }),
  );
}

/** Path of the configuration file, when a variable names one. */
export function configFileFromEnvironment(environment: Readonly<Record<string, string | undefined>> = process.env): string | undefined {
  return environment['SWITCHBOARD_CONFIG'];
}
