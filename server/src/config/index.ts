export { ConfigError } from './config-error.ts';
export { type AccessKeyChoice, checkSettings, type Config, isLoopbackAddress, urlHost, WELL_KNOWN_KEY } from './config.ts';
export { configFileFromEnvironment, settingsFromEnvironment } from './env.ts';
export { parseYaml, settingsFromFile } from './file.ts';
export { openAdminKey } from './secrets.ts';
export { flagOf, SETTINGS, type SettingDefinition, type SettingName, type SettingTexts, variableOf } from './settings.ts';
export { type DataFolder, isDataFolderInUse, openDataFolder, readRunFile, type RunFile } from './data-folder.ts';
