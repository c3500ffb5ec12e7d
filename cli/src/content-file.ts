import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { ConfigError, parseYaml } from '@switchboard/server/config';
import { CommandError } from './command-error.ts';

/**
 * What a JSON or YAML file holds.
 *
 * @param file a path, or `-` for standard input
 * @throws CommandError when it cannot be read
 */
export async function readContent(file: string): Promise<unknown> {
  try {
    return parseYaml(file === '-' ? await text(process.stdin) : readFileSync(file, 'utf8'), file === '-' ? 'standard input' : file);
  } catch (error) {
    if (error instanceof ConfigError) throw new CommandError(error.message, 2);
    if (error instanceof Error && 'syscall' in error) throw new CommandError(`${file} cannot be read: ${error.message}`, 2);
    throw error;
  }
}

/** JSON that was given as an option. @throws CommandError naming the option */
export function jsonOf(json: string, option: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch (error) {
    throw new CommandError(`${option} is no JSON: ${error instanceof Error ? error.message : String(error)}`, 2);
  }
}
