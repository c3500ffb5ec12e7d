import {
  ConfigError,
  configFileFromEnvironment,
  flagOf,
  SETTINGS,
  settingsFromEnvironment,
  settingsFromFile,
  type SettingDefinition,
  type SettingName,
  type SettingTexts,
} from '@switchboard/server/config';
import { runServer } from '@switchboard/server';
import type { Command } from 'commander';
import { CommandError } from '../command-error.ts';

type Options = Partial<Record<SettingName, string | boolean>> & { readonly config?: string; readonly json?: boolean };

export function addStart(program: Command, exit: (code: number) => void): void {
  const command = program.command('start').description('run the platform in the foreground until Ctrl+C');
  for (const [name, definition] of Object.entries(SETTINGS) as [SettingName, SettingDefinition][]) {
    if (definition.secret === true) continue;
    command.option(definition.value === undefined ? flagOf(name) : `${flagOf(name)} <${definition.value}>`, definition.help);
  }
  command.option('--config <FILE>', 'settings as YAML or JSON');
  command.option('--json', 'one line of JSON on standard output when ready, logs as JSON on standard error');
  command.addHelpText(
    'after',
    '\nEvery setting is also a variable (--http-port: SWITCHBOARD_HTTP_PORT) and an entry of the file (httpPort). Secrets are\nvariables or entries only: accessKey, adminKey, masterKey.',
  );
  command.action(async (options: Options) => exit(await runServer({ settings: gather(options), json: options.json === true })));
}

/** A flag beats a variable, a variable beats the file. */
function gather({ config, json: _json, ...flags }: Options): SettingTexts {
  const file = config ?? configFileFromEnvironment();
  try {
    const fromFlags = Object.fromEntries(Object.entries(flags).map(([name, value]) => [name, String(value)]));
    return { ...(file === undefined ? {} : settingsFromFile(file)), ...settingsFromEnvironment(), ...fromFlags };
  } catch (error) {
    if (error instanceof ConfigError) throw new CommandError(error.message, 2);
    throw error;
  }
}
