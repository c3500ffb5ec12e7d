import type { Command } from 'commander';
import { CommandError } from '../command-error.ts';
import { addTarget, askAdmin, findServer, type TargetOptions } from '../server-client.ts';

interface Message {
  readonly chatThreadId: string;
  readonly createdOn: string;
  readonly senderCommunicationIdentifier?: { readonly rawId: string };
  readonly content?: { readonly message?: string };
}

/** As the parameters of the admin API are called. */
interface Filter {
  readonly match?: string;
  readonly recipient?: string;
  readonly sender?: string;
  readonly threadId?: string;
  readonly since?: string;
  readonly count: string;
  readonly wait: string;
  readonly resource?: string;
}

interface Options extends TargetOptions, Omit<Filter, 'wait' | 'threadId'> {
  readonly thread?: string;
  readonly timeout: string;
  readonly json?: boolean;
}

interface Loaded {
  readonly users: Readonly<Record<string, { readonly id: string }>>;
  readonly threads: Readonly<Record<string, { readonly id: string }>>;
}

export function addInbox(program: Command): void {
  const inbox = program.command('inbox').description('wait for chat messages');
  addTarget(inbox.command('wait').description('wait until a chat message is there, and show it; ends with 1 when none came'))
    .option('--match <TEXT>', 'with this part of text, or matching a pattern such as "/code is \\d{6}/"')
    .option('--recipient <USER>', 'that this user can read and did not send: a raw id, or a handle of the fixtures loaded last')
    .option('--sender <USER>', 'of this user')
    .option('--thread <THREAD>', 'of this thread: an id, or a handle')
    .option('--since <TIME>', 'from this time on, or later than the message with this id')
    .option('--count <N>', 'wait for so many', '1')
    .option('--timeout <TIME>', 'how long to wait, 60s at most', '10s')
    .option('--resource <NAME>', 'of this resource (local)')
    .option('--json', 'as JSON')
    .action(async ({ data, json, thread, timeout, ...given }: Options) => {
      const run = findServer(data === undefined ? {} : { data });
      const named = [given.recipient, given.sender, thread].filter((name) => name !== undefined);
      const loaded = named.some(isHandle) ? await askAdmin<Loaded>(run, '/admin/fixtures') : undefined;
      const filter: Filter = {
        ...given,
        ...(given.recipient === undefined ? {} : { recipient: idOf(given.recipient, loaded?.users) }),
        ...(given.sender === undefined ? {} : { sender: idOf(given.sender, loaded?.users) }),
        ...(thread === undefined ? {} : { threadId: idOf(thread, loaded?.threads) }),
        wait: timeout,
      };
      const query = new URLSearchParams(Object.entries(filter)).toString();
      const { value } = await askAdmin<{ readonly value: readonly Message[] }>(run, `/admin/chat/messages?${query}`);
      const found = value.toReversed();
      process.stdout.write(json === true ? `${JSON.stringify(found)}\n` : found.map(line).join(''));
      if (found.length < Number(given.count)) throw new CommandError(`${found.length} of ${given.count} came within ${timeout}`);
    });
}

/** Raw ids of users and ids of threads begin with a number and a colon. */
function isHandle(name: string): boolean {
  return !/^\d+:/.test(name);
}

/** @throws CommandError for a handle that the last load does not have */
function idOf(name: string, known: Readonly<Record<string, { readonly id: string }>> = {}): string {
  if (!isHandle(name)) return name;
  const found = Object.hasOwn(known, name) ? known[name] : undefined;
  if (found === undefined)
    throw new CommandError(`no ${JSON.stringify(name)} in the fixtures loaded last; "switchboard fixtures list" shows them`);
  return found.id;
}

/** The text in quotes, so that what others wrote cannot steer the terminal. */
function line({ createdOn, senderCommunicationIdentifier: sender, content }: Message): string {
  return `${createdOn}  ${sender?.rawId ?? '-'}  ${JSON.stringify(content?.message ?? '')}\n`;
}
