import { type Command, Option } from 'commander';
import { table } from '../../table.ts';

export interface OutputOptions {
  readonly output: 'json' | 'table';
}

/** As az prints: JSON unless asked otherwise. */
export function addOutput(command: Command): Command {
  return command.addOption(new Option('-o, --output <FORMAT>', 'how to print').choices(['json', 'table']).default('json'));
}

/** @param rowsOf for people, the names of the columns first; without it JSON is printed in any case */
export function print(content: unknown, { output }: OutputOptions, rowsOf?: () => readonly (readonly string[])[]): void {
  if (output === 'json' || rowsOf === undefined) {
    process.stdout.write(`${JSON.stringify(content, null, 2)}\n`);
    return;
  }
  const [names = [], ...rows] = rowsOf();
  process.stdout.write(table(names, rows));
}
