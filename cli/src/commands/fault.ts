import type { Command } from 'commander';
import { readContent } from '../content-file.ts';
import { addTarget, askAdmin, findServer, type TargetOptions } from '../server-client.ts';
import { table } from '../table.ts';

const RULES = '/admin/faults/rules';

interface RuleInForce {
  readonly name: string;
  readonly state: { readonly matched: number; readonly struck: number; readonly spent: boolean };
}

interface RulesInForce {
  readonly rules: readonly RuleInForce[];
}

export function addFault(program: Command): void {
  const fault = program.command('fault').description('make the server fail on command');

  addTarget(fault.command('list').description('list the fault rules, and how often each has struck'))
    .option('--json', 'as JSON')
    .action(async (options: TargetOptions & { readonly json?: boolean }) => {
      const { rules } = await askAdmin<RulesInForce>(findServer(options), RULES);
      if (options.json === true) process.stdout.write(`${JSON.stringify(rules)}\n`);
      else process.stdout.write(rules.length === 0 ? 'no fault rules\n' : table(['NAME', 'MATCHED', 'STRUCK', 'RULE'], rules.map(row)));
    });

  addTarget(fault.command('set').description('put the rules of a file in the place of all fault rules'))
    .argument('<FILE>', 'JSON or YAML: a list of rules, or {rules: […]}; - for standard input')
    .action(async (file: string, options: TargetOptions) => {
      const content = await readContent(file);
      const body = Array.isArray(content) ? { rules: content as unknown[] } : content;
      const { rules } = await askAdmin<RulesInForce>(findServer(options), RULES, { method: 'PUT', body });
      process.stdout.write(`${rules.length} fault ${rules.length === 1 ? 'rule is' : 'rules are'} in force\n`);
    });

  addTarget(fault.command('clear').description('remove all fault rules')).action(async (options: TargetOptions) => {
    await askAdmin(findServer(options), RULES, { method: 'DELETE' });
    process.stdout.write('no fault rules are in force\n');
  });
}

function row({ name, state, ...rule }: RuleInForce): string[] {
  return [name, String(state.matched), `${state.struck}${state.spent ? ' (spent)' : ''}`, JSON.stringify(rule)];
}
