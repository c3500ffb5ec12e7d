import { readFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { resolve } from 'node:path';
import { isDataFolderInUse, readRunFile, type RunFile, settingsFromEnvironment } from '@switchboard/server/config';
import type { Command } from 'commander';
import { CommandError } from './command-error.ts';

/** Where commands look for the server: the data folder, as `start` does. */
export interface TargetOptions {
  readonly data?: string;
}

export function addTarget(command: Command): Command {
  return command.option('--data <DIR>', 'data folder of the server (./.switchboard)');
}

/** The server of a data folder. @throws CommandError when none runs there */
export function findServer(options: TargetOptions): RunFile {
  const folder = resolve(options.data ?? settingsFromEnvironment().data ?? '.switchboard');
  const run = readRunFile(folder);
  if (run === undefined || !isDataFolderInUse(folder)) {
    throw new CommandError(`no server runs on data folder ${folder}; start one with "switchboard start", or name its folder with --data`);
  }
  return run;
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

export interface Answer {
  readonly status: number;
  readonly statusText: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string;
}

export interface Question {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** One request; the server's own authority is trusted. */
export function ask(run: RunFile, question: Question): Promise<Answer> {
  const { method, url, headers, body } = question;
  return new Promise((resolvePromise, reject) => {
    const options = { method, headers, ...(url.protocol === 'https:' ? { ca: readFileSync(run.caFile) } : {}) };
    const outgoing = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, options, (incoming) => {
      let text = '';
      incoming.setEncoding('utf8');
      incoming.on('data', (chunk: string) => (text += chunk));
      incoming.on('end', () =>
        resolvePromise({
          status: incoming.statusCode ?? 0,
          statusText: incoming.statusMessage ?? '',
          headers: pairs(incoming.rawHeaders),
          body: text,
        }),
      );
    });
    outgoing.on('error', (error) => reject(new CommandError(`${url.origin} does not answer: ${error.message}`)));
    outgoing.end(body);
  });
}

/** The server answered that it will not. */
export class Refusal extends CommandError {}

/** A call of the admin API; GET by default. */
export interface AdminCall {
  readonly method?: string;
  readonly body?: unknown;
}

/**
 * The JSON answer of the admin API, undefined where it has none.
 *
 * @throws Refusal with the server's own words, CommandError when there is no answer
 */
export async function askAdmin<T = undefined>(run: RunFile, path: string, { method = 'GET', body }: AdminCall = {}): Promise<T> {
  const url = new URL(path, run.httpEndpoint ?? run.endpoint);
  const typed = body === undefined ? {} : { 'content-type': 'application/json' };
  const headers = { authorization: `Bearer ${run.adminKey}`, ...typed };
  const answer = await ask(run, { method, url, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  const content: unknown = answer.body === '' ? undefined : JSON.parse(answer.body);
  const refusal = (content as { readonly error?: { readonly message: string } } | undefined)?.error;
  if (answer.status >= 300) throw new Refusal(refusal?.message ?? `the server answered ${answer.status}`);
  // What the contract promises for the path, which the caller names.
  return content as T;
}

function pairs(raw: readonly string[]): [string, string][] {
  const found: [string, string][] = [];
  for (let i = 0; i + 1 < raw.length; i += 2) found.push([raw[i] as string, raw[i + 1] as string]);
  return found;
}
