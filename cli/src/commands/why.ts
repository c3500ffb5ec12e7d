import type { Command } from 'commander';
import { addTarget, askAdmin, findServer, type TargetOptions } from '../server-client.ts';

interface RequestRecord {
  readonly id: string;
  readonly time: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly caller?: string;
  readonly code?: string;
  readonly rule?: string;
  readonly limit?: { readonly name: string; readonly value: number; readonly preset: string };
  readonly target?: string;
  readonly cause?: string;
  readonly cure?: string;
  readonly fault?: string;
}

export function addWhy(program: Command): void {
  addTarget(program.command('why').description('tell why a request was refused, and the cure'))
    .argument('<REQUEST-ID>', 'x-ms-request-id of the answer')
    .action(async (id: string, options: TargetOptions) => {
      const record = await askAdmin<RequestRecord>(findServer(options), `/admin/requests/${encodeURIComponent(id)}`);
      process.stdout.write(`${describe(record)}\n`);
    });
}

function describe(record: RequestRecord): string {
  const { limit } = record;
  const rows: [string, string | undefined][] = [
    ['Request', `${record.method} ${record.path}`],
    ['Time', record.time],
    ['Answer', answerOf(record)],
    ['Caller', record.caller],
    ['Rule', record.rule],
    ['Limit', limit === undefined ? undefined : `${limit.name}: ${limit.value} under the preset ${limit.preset}`],
    ['Fault', record.fault],
    ['Target', record.target],
    ['Cause', record.cause ?? (record.status < 400 ? 'It was not refused.' : undefined)],
    ['Cure', record.cure],
  ];
  return rows.flatMap(([name, value]) => (value === undefined ? [] : [`${name.padEnd(8)} ${value}`])).join('\n');
}

function answerOf({ status, code }: RequestRecord): string {
  if (status === 0) return 'none: the connection was cut';
  return code === undefined ? String(status) : `${status} ${code}`;
}
