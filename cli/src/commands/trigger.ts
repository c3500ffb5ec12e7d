import { EVENT_TYPES, type EventGridEvent } from '@switchboard/contract';
import type { Command } from 'commander';
import { CommandError } from '../command-error.ts';
import { jsonOf } from '../content-file.ts';
import { shortType } from '../events/event-type.ts';
import { addTarget, askAdmin, findServer, type TargetOptions } from '../server-client.ts';
import { table } from '../table.ts';

interface TriggerOptions extends TargetOptions {
  readonly eventData?: string;
  readonly subject?: string;
  readonly source?: string;
  readonly count?: string;
  readonly time?: string;
  readonly list?: boolean;
  readonly json?: boolean;
}

export function addTrigger(program: Command): void {
  addTarget(program.command('trigger').description('let an event of the catalogue happen, with sample content that can be changed'))
    .argument('[EVENT]', 'type, e.g. SMSReceived; case does not matter')
    .option('--event-data <JSON>', 'merged over the sample: objects member by member, null removes a member')
    .option('--subject <TEXT>', 'another subject than the data would have')
    .option('--source <NAME>', 'resource or custom topic (local)')
    .option('--count <N>', 'how many events (1)')
    .option('--time <TIME>', 'when they are to have happened, ISO 8601 (now)')
    .option('--list', 'list every type of event instead')
    .option('--json', 'print the events as JSON')
    .action(async (event: string | undefined, options: TriggerOptions) => {
      if (options.list === true) process.stdout.write(listed());
      else if (event === undefined) throw new CommandError('name an event, e.g. SMSReceived; "switchboard trigger --list" lists them', 2);
      else await trigger(event, options);
    });
}

async function trigger(type: string, { eventData, subject, source, count, time, json, ...target }: TriggerOptions): Promise<void> {
  const body = {
    type,
    source: source ?? null,
    subject: subject ?? null,
    data: eventData === undefined ? null : jsonOf(eventData, '--event-data'),
    count: count === undefined ? null : Number(count),
    time: time ?? null,
  };
  const path = '/admin/events/trigger';
  const { value } = await askAdmin<{ readonly value: readonly EventGridEvent[] }>(findServer(target), path, { method: 'POST', body });
  if (json === true) process.stdout.write(`${JSON.stringify(value)}\n`);
  else for (const event of value) process.stdout.write(`${event.id}  ${shortType(event.eventType)}  ${event.subject}\n`);
}

function listed(): string {
  return table(
    ['EVENT', 'MEANS'],
    EVENT_TYPES.map(({ name, description }) => [shortType(name), description]),
  );
}
