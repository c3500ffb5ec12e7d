import type { RunFile } from '@switchboard/server/config';
import type { Command } from 'commander';
import { CommandError } from './command-error.ts';
import { addTarget, type Answer, ask, askAdmin, findServer, type TargetOptions } from './server-client.ts';
import { parseConnectionString, signed, typeOf } from './signed-request.ts';

/** The flags by which `az communication` finds a resource. */
export interface ResourceOptions extends TargetOptions {
  readonly connectionString?: string;
  readonly communicationServiceName?: string;
  readonly resourceGroup?: string;
}

export function addResource(command: Command): Command {
  return addTarget(command)
    .option('--connection-string <TEXT>', 'of the resource (that of local)')
    .option('--communication-service-name <NAME>', 'the resource by its name (local)')
    .option('-g, --resource-group <NAME>', 'taken as az has it; a resource is found by its name alone');
}

/** One resource of a server, called with its access key. */
export class DataPlane {
  readonly #run: RunFile;
  readonly #connection: { readonly endpoint: string; readonly key: Buffer };
  readonly #apiVersion: string;

  private constructor(run: RunFile, connectionString: string, apiVersion: string) {
    this.#run = run;
    this.#connection = parseConnectionString(connectionString);
    this.#apiVersion = apiVersion;
  }

  /** @throws CommandError when there is no such server or resource */
  static async find(options: ResourceOptions, apiVersion: string): Promise<DataPlane> {
    const run = findServer(options);
    return new DataPlane(run, await connectionStringOf(run, options), apiVersion);
  }

  /** @param path may have a query, and its own version @throws CommandError with the server's own words */
  async call(method: string, path: string, body?: unknown): Promise<Answer> {
    const { endpoint, key } = this.#connection;
    const url = new URL(path, endpoint);
    if (!url.searchParams.has('api-version')) url.searchParams.set('api-version', this.#apiVersion);
    const text = body === undefined ? undefined : JSON.stringify(body);
    const headers = { ...signed(method, url, { key, body: text }), ...typeOf(method, text) };
    const answer = await ask(this.#run, { method, url, headers, ...(text === undefined ? {} : { body: text }) });
    if (answer.status < 400) return answer;
    throw new CommandError(messageOf(answer) ?? `the server answered ${answer.status}`);
  }

  /** Every item of a list that comes in pages. */
  async list<T>(path: string, member: string): Promise<T[]> {
    const items: T[] = [];
    for (let next: string | undefined = path; next !== undefined;) {
      // What the contract promises for the path, which the caller names.
      const page = JSON.parse((await this.call('GET', next)).body) as Readonly<Record<string, unknown>>;
      items.push(...(page[member] as T[]));
      next = page['nextLink'] as string | undefined;
    }
    return items;
  }
}

/** One header of an answer. */
export function headerOf({ headers }: Answer, name: string): string | undefined {
  return headers.find(([found]) => found.toLowerCase() === name)?.[1];
}

async function connectionStringOf(run: RunFile, options: ResourceOptions): Promise<string> {
  const { connectionString, communicationServiceName: name } = options;
  if (connectionString !== undefined) return connectionString;
  if (name === undefined) return run.connectionString;
  const path = `/admin/resources/${encodeURIComponent(name)}`;
  return (await askAdmin<{ readonly primaryConnectionString: string }>(run, path)).primaryConnectionString;
}

function messageOf({ body }: Answer): string | undefined {
  try {
    return (JSON.parse(body) as { readonly error?: { readonly message: string } }).error?.message;
  } catch {
    return undefined;
  }
}
