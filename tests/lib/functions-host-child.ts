import { readFileSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import { registerHooks } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * What a Functions host does for Event Grid triggers (wire/event-grid.md 6): gives `@azure/functions` the module that only
 * exists inside of the runtime, loads the app, and serves the trigger's webhook.
 */
interface Json {
  readonly json: string;
}

interface Model {
  getInvocationModel(core: object): InvocationModel;
}

interface InvocationModel {
  getArguments(): Promise<{ readonly context: object; readonly inputs: unknown[] }>;
  invokeFunction(context: object, inputs: unknown[], handler: unknown): Promise<unknown>;
  getResponse(context: object, result: unknown): Promise<unknown>;
}

interface Registered {
  readonly name: string;
  readonly trigger: string;
  readonly metadata: object;
  readonly handler: unknown;
}

interface GridEvent {
  readonly data?: unknown;
}

const CORE = '@azure/functions-core';
const functions = new Map<string, Registered>();
let model: Model | undefined;

class Disposable {
  readonly #dispose: () => void;
  constructor(dispose: () => void = () => undefined) {
    this.#dispose = dispose;
  }
  dispose(): void {
    this.#dispose();
  }
}

const core = {
  version: '4.0.0',
  hostVersion: '4.0.0',
  workerVersion: '4.0.0',
  Disposable,
  setProgrammingModel: (set: Model) => {
    model = set;
  },
  getProgrammingModel: () => model,
  registerHook: () => new Disposable(),
  log: (level: string, _category: string, message: string) => console.log(`${level}: ${message}`),
  registerFunction: (
    metadata: { readonly name: string; readonly bindings: Readonly<Record<string, { readonly type: string }>> },
    handler: unknown,
  ) => {
    const [trigger = ''] = Object.entries(metadata.bindings).find(([, { type }]) => /trigger$/i.test(type)) ?? [];
    functions.set(metadata.name.toLowerCase(), { name: metadata.name, trigger, metadata, handler });
    return new Disposable();
  },
};

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === CORE ? { url: 'functions:core', format: 'commonjs', shortCircuit: true } : next(specifier, context),
  load: (url, context, next) =>
    url === 'functions:core'
      ? { format: 'commonjs', source: 'module.exports = globalThis.functionsCore', shortCircuit: true }
      : next(url, context),
});
Object.assign(globalThis, { functionsCore: core });

async function loadApp(folder: string): Promise<void> {
  const { main } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { readonly main: string };
  for await (const file of glob(main, { cwd: folder })) await import(pathToFileURL(join(folder, file)).href);
}

async function invoke({ name, trigger, metadata, handler }: Registered, event: GridEvent): Promise<void> {
  const data: Json = { json: JSON.stringify(event) };
  const invocation = model?.getInvocationModel({
    invocationId: crypto.randomUUID(),
    metadata: { ...metadata, name },
    request: { inputData: [{ name: trigger, data }], triggerMetadata: { data }, traceContext: {} },
    log: (level: string, _category: string, message: string) => console.log(`${level}: ${message}`),
  });
  if (invocation === undefined) throw new Error('the app registered no function');
  const { context, inputs } = await invocation.getArguments();
  await invocation.getResponse(context, await invocation.invokeFunction(context, inputs, handler));
}

interface Answer {
  readonly status: number;
  readonly body: string;
}

async function answer(request: IncomingMessage): Promise<Answer> {
  const url = new URL(request.url ?? '/', 'http://host');
  const found = functions.get(url.searchParams.get('functionName')?.toLowerCase() ?? '');
  if (url.pathname !== '/runtime/webhooks/EventGrid' || found === undefined) return { status: 404, body: 'no such function' };
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  switch (request.method === 'POST' && request.headers['aeg-event-type']) {
    case 'SubscriptionValidation': {
      const { validationCode } = eventsIn(text)[0]?.data as { readonly validationCode: string };
      return { status: 200, body: JSON.stringify({ validationResponse: validationCode }) };
    }
    case 'Notification':
      return notify(found, eventsIn(text));
    case 'Unsubscribe':
      return { status: 202, body: '' };
    default:
      return { status: 400, body: '' };
  }
}

function eventsIn(text: string): GridEvent[] {
  return [JSON.parse(text) as GridEvent | GridEvent[]].flat();
}

async function notify(found: Registered, events: readonly GridEvent[]): Promise<Answer> {
  try {
    await Promise.all(events.map((event) => invoke(found, event)));
    return { status: 202, body: '' };
  } catch (error) {
    return { status: 500, body: error instanceof Error ? error.message : String(error) };
  }
}

await loadApp(process.argv[2] ?? '.');
const server = createServer((request, response) => {
  void answer(request).then(({ status, body }) => response.writeHead(status).end(body));
});
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
