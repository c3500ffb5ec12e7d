import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A process that runs a Functions app. */
export interface FunctionsHost extends AsyncDisposable {
  /** Where Event Grid delivers to a function. */
  urlOf(functionName: string): string;
  /** What the functions logged so far. */
  log(): string;
}

const CHILD = fileURLToPath(new URL('functions-host-child.ts', import.meta.url));

/**
 * Runs an Azure Functions app (programming model v4) behind the webhook of the Event Grid trigger. Stands in for the
 * Functions runtime, whose program cannot be installed from npm alone; the app and `@azure/functions` are as they are.
 *
 * @param folder of the app, with its package.json
 */
export async function startFunctions(folder: string, env: Readonly<Record<string, string>>): Promise<FunctionsHost> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', CHILD, folder], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (log += text));
  const exited = once(child, 'exit');
  const lines = createInterface({ input: child.stdout });
  const first = await Promise.race([once(lines, 'line'), exited.then(() => undefined)]);
  if (first === undefined) throw new Error(`the Functions app did not start: ${log}`);
  lines.on('line', (line) => (log += `${line}\n`));
  const origin = String(first[0]);
  return {
    urlOf: (functionName) => `${origin}/runtime/webhooks/EventGrid?functionName=${encodeURIComponent(functionName)}`,
    log: () => log,
    [Symbol.asyncDispose]: async () => {
      child.kill();
      await exited;
    },
  };
}
