import type { EventGridEvent, LoggedEvent } from '@switchboard/contract';
import type { Command } from 'commander';
import { CommandError } from '../command-error.ts';
import { jsonOf } from '../content-file.ts';
import { shortType } from '../events/event-type.ts';
import { addTarget, askAdmin, findServer, type TargetOptions } from '../server-client.ts';
import { table } from '../table.ts';

interface ListOptions extends TargetOptions {
  readonly source?: string;
  readonly type?: string;
  readonly subscription?: string;
  readonly state?: string;
  readonly match?: string;
  readonly since?: string;
  readonly limit?: string;
  readonly wait?: string;
  readonly count?: string;
  readonly json?: boolean;
}

interface ReplayOptions extends TargetOptions {
  readonly to?: string;
  readonly subject?: string;
  readonly eventData?: string;
}

const QUERY = ['source', 'type', 'subscription', 'state', 'match', 'since', 'limit', 'wait', 'count'] as const;

export function addEvents(program: Command, exit: (code: number) => void): void {
  const events = program.command('events').description('the last events, and how their deliveries went');
  addList(events, exit);

  addTarget(events.command('show').description('show one event with every attempt to deliver it'))
    .argument('<ID>', 'id of the event')
    .action(async (id: string, options: TargetOptions) => {
      const { value } = await askAdmin<{ readonly value: readonly LoggedEvent[] }>(
        findServer(options),
        `/admin/events?id=${encodeURIComponent(id)}`,
      );
      if (value[0] === undefined) throw new CommandError(`the log has no event '${id}'; list events with "switchboard events"`);
      process.stdout.write(`${JSON.stringify(value[0], null, 2)}\n`);
    });

  addTarget(events.command('replay').description('deliver an event again; with another subject or data as a new event'))
    .argument('<ID>', 'id of the event')
    .option('--to <SUBSCRIPTION>', 'only this subscription, whatever its filter says')
    .option('--subject <TEXT>', 'another subject')
    .option('--event-data <JSON>', 'other data, in the place of all of it')
    .action(async (id: string, { to, subject, eventData, ...options }: ReplayOptions) => {
      const data = eventData === undefined ? {} : { data: jsonOf(eventData, '--event-data') };
      const body = { subscription: to ?? null, subject: subject ?? null, ...data };
      const path = `/admin/events/${encodeURIComponent(id)}:replay`;
      const { event, queued } = await askAdmin<{ readonly event: EventGridEvent; readonly queued: number }>(findServer(options), path, {
        method: 'POST',
        body,
      });
      process.stdout.write(`${event.id} ${queued === 0 ? 'is wanted by no subscription' : 'is on its way'}\n`);
    });
}

function addList(events: Command, exit: (code: number) => void): void {
  // The default, so that plain `switchboard events` lists them.
  addTarget(events.command('list', { isDefault: true }).description('list events, newest first; what "events" alone does'))
    .option('--source <NAME>', 'of this resource or custom topic')
    .option('--type <TYPE>', 'of this type; Microsoft.Communication. may be left out')
    .option('--subscription <NAME>', 'that this subscription wanted')
    .option('--state <STATE>', 'with a delivery that is waiting, delivered, deadLettered or dropped')
    .option('--match <TEXT>', 'whose subject or data has this text; between slashes a pattern')
    .option('--since <TIME>', 'from this time on, ISO 8601')
    .option('--limit <N>', 'at most so many (100)')
    .option('--wait <TIME>', 'wait for them, e.g. 20s; exit code 1 when they do not come')
    .option('--count <N>', 'how many to wait for (1)')
    .option('--json', 'as JSON')
    .action(async (options: ListOptions) => {
      const query = new URLSearchParams(
        QUERY.flatMap((name): [string, string][] => (options[name] === undefined ? [] : [[name, options[name]]])),
      );
      const { value } = await askAdmin<{ readonly value: readonly LoggedEvent[] }>(
        findServer(options),
        `/admin/events?${query.toString()}`,
      );
      if (options.json === true) process.stdout.write(`${JSON.stringify(value)}\n`);
      else
        process.stdout.write(
          value.length === 0 ? 'no such events\n' : table(['TIME', 'ID', 'TYPE', 'SUBJECT', 'DELIVERIES'], value.map(row)),
        );
      if (options.wait !== undefined && value.length < Number(options.count ?? 1)) exit(1);
    });
}

function row({ event, deliveries }: LoggedEvent): string[] {
  const told = deliveries.map(({ subscription, replayedAt, state, attempts }) => {
    const last = attempts.at(-1);
    const replay = replayedAt === undefined ? '' : ', replay';
    return `${subscription}${replay}: ${state}${last === undefined ? '' : ` (${last.status ?? last.outcome})`}`;
  });
  return [event.eventTime, event.id, shortType(event.eventType), event.subject, told.join(', ')];
}
