import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ListenerDelivery } from '@switchboard/contract';
import type { Command } from 'commander';
import { CommandError } from '../command-error.ts';
import { isUnknown, shortType, wholeType } from '../events/event-type.ts';
import { eventsIn, forward, type Forwarded } from '../events/forwarding.ts';
import { addTarget, askAdmin, findServer, Refusal, type TargetOptions } from '../server-client.ts';

interface ListenOptions extends TargetOptions {
  readonly forwardTo?: string;
  readonly types?: string;
  readonly subject?: string;
  readonly source: string;
  readonly schema?: string;
  readonly name?: string;
  readonly json?: boolean;
}

const SCHEMAS: Readonly<Record<string, string>> = { eventgrid: 'EventGridSchema', cloudevents: 'CloudEventSchemaV1_0' };
/** Between two attempts to reach a server that is away. */
const PAUSE_MS = 500;
const NAME_BYTES = 3;

export function addListen(program: Command): void {
  addTarget(
    program
      .command('listen')
      .description('print the events of a resource as they happen, and forward them to an application on this machine; ends with Ctrl+C'),
  )
    .option('--forward-to <URL>', 'where each delivery is posted to; its answer decides whether it is tried again')
    .option('--types <LIST>', 'event types, separated by commas; Microsoft.Communication. may be left out (all)')
    .option('--subject <PREFIX>', 'only events whose subject begins so')
    .option('--source <NAME>', 'resource or custom topic', 'local')
    .option('--schema <NAME>', 'eventgrid or cloudevents (as the events of the source come)')
    .option('--name <NAME>', 'name of the event subscription (a new one each time)')
    .option('--json', 'one JSON object a line, with the whole delivery')
    .action(listen);
}

/** Under a name of its own, unless one is given. */
interface Listening extends ListenOptions {
  readonly name: string;
}

async function listen(given: ListenOptions): Promise<void> {
  const options: Listening = { ...given, name: given.name ?? `listen-${randomBytes(NAME_BYTES).toString('hex')}` };
  const to = options.forwardTo === undefined ? undefined : urlOf(options.forwardTo);
  const stopped = stopSignal();
  await open(options);
  const what = options.types === undefined ? 'the events' : options.types;
  note(options, `listening to ${what} of ${options.source}${to === undefined ? '' : `, forwarding to ${to.href}`}; Ctrl+C ends`);
  while (!stopped.aborted) {
    try {
      await deliverNext(options, to, stopped);
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      const problem = error instanceof Refusal ? error.message.replace(/\.$/, '') : 'the server is away';
      note(options, `${problem}; trying again`);
      await comeBack(options, stopped);
    }
  }
  // A server that is away has no listener to end either.
  await askAdmin(findServer(options), pathOf(options), { method: 'DELETE' }).catch(() => undefined);
}

/** Opens the listener; one that is open goes on. */
async function open({ source, schema, types, subject, ...options }: Listening): Promise<void> {
  const eventDeliverySchema = schema === undefined ? null : SCHEMAS[schema];
  if (eventDeliverySchema === undefined) throw new CommandError(`--schema must be ${Object.keys(SCHEMAS).join(' or ')}`, 2);
  const filter = {
    ...(types === undefined ? {} : { includedEventTypes: typesIn(types) }),
    ...(subject === undefined ? {} : { subjectBeginsWith: subject }),
  };
  const body = { source, filter, eventDeliverySchema };
  await askAdmin(findServer(options), pathOf(options), { method: 'PUT', body });
}

/** Waits for deliveries, and begins to forward them. */
async function deliverNext(options: Listening, to: URL | undefined, stopped: AbortSignal): Promise<void> {
  const run = findServer(options);
  const asked = askAdmin<{ readonly value: readonly ListenerDelivery[] }>(run, `${pathOf(options)}/deliveries?wait=20s`);
  const fetched = await Promise.race([asked, once(stopped, 'abort').then(() => undefined)]);
  // What was asked when the command ended is nobody's any more.
  asked.catch(() => undefined);
  for (const delivery of fetched?.value ?? []) void answer(options, to, delivery);
}

async function answer(options: Listening, to: URL | undefined, delivery: ListenerDelivery): Promise<void> {
  const forwarded = to === undefined ? undefined : await forward(delivery, to);
  const { status, detail } = forwarded ?? { status: 200, detail: '' };
  const path = `${pathOf(options)}/deliveries/${encodeURIComponent(delivery.id)}:answer`;
  // Too late, or the server is away: it tries again by itself.
  await askAdmin(findServer(options), path, { method: 'POST', body: { status, detail } }).catch(() => undefined);
  print(options, delivery, forwarded);
}

async function comeBack(options: Listening, stopped: AbortSignal): Promise<void> {
  while (!stopped.aborted) {
    await sleep(PAUSE_MS, undefined, { signal: stopped }).catch(() => undefined);
    try {
      await open(options);
      note(options, 'listening again');
      return;
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
    }
  }
}

function print({ json }: ListenOptions, delivery: ListenerDelivery, forwarded: Forwarded | undefined): void {
  if (json === true) {
    const { headers, body } = delivery;
    process.stdout.write(`${JSON.stringify({ headers, body: JSON.parse(body) as unknown, ...forwarded })}\n`);
    return;
  }
  const time = new Date().toLocaleTimeString('en-GB');
  const outcome = forwarded === undefined ? '' : `  → ${forwarded.status ?? forwarded.detail} (${forwarded.durationMs} ms)`;
  for (const { type, subject } of eventsIn(delivery)) process.stdout.write(`${time}  ${shortType(type)}  ${subject}${outcome}\n`);
}

/** For people; whoever reads JSON gets it on the other stream. */
function note({ json }: ListenOptions, text: string): void {
  (json === true ? process.stderr : process.stdout).write(`${text}\n`);
}

function typesIn(list: string): readonly string[] {
  const types = list.split(',').map(wholeType);
  const unknown = types.find(isUnknown);
  if (unknown === undefined) return types;
  throw new CommandError(`--types: there is no event type ${shortType(unknown)}; "switchboard trigger --list" lists them`, 2);
}

function stopSignal(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => controller.abort());
  return controller.signal;
}

function urlOf(text: string): URL {
  if (!URL.canParse(text) || !/^https?:/.test(text)) throw new CommandError(`--forward-to must be an http or https URL, not ${text}`, 2);
  return new URL(text);
}

function pathOf({ name }: Pick<Listening, 'name'>): string {
  return `/admin/events/listeners/${encodeURIComponent(name)}`;
}
