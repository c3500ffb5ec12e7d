import type { Command } from 'commander';
import { CommandError } from '../command-error.ts';
import { addTarget, ask, findServer, type TargetOptions } from '../server-client.ts';
import { parseConnectionString, signed, typeOf } from '../signed-request.ts';

const DEFAULT_API_VERSION = '2025-06-30';

type RequestOptions = TargetOptions & { readonly body?: string; readonly connectionString?: string; readonly token?: string };

export function addRequest(program: Command, exit: (code: number) => void): void {
  addTarget(
    program
      .command('request')
      .description('send one data-plane request, signed with the access key or with a token; print status, headers and body'),
  )
    .argument('<METHOD>', 'GET, POST, PATCH, PUT or DELETE')
    .argument('<PATH>', 'e.g. /identities; api-version is added when it is missing')
    .option('--body <JSON>', 'request body')
    .option('--connection-string <TEXT>', 'another resource than local')
    .option('--token <TOKEN>', 'access token of a user, for what users do (chat); instead of the access key')
    .action(async (method: string, path: string, options: RequestOptions) => {
      const run = findServer(options);
      const { body, token } = options;
      const { endpoint, key } = parseConnectionString(options.connectionString ?? run.connectionString);
      const request = { method: method.toUpperCase(), url: urlOf(endpoint, path) };
      const credentials = token === undefined ? signed(request.method, request.url, { key, body }) : { authorization: `Bearer ${token}` };
      const headers = { ...credentials, ...typeOf(request.method, body) };
      const answer = await ask(run, { ...request, headers, ...(body === undefined ? {} : { body }) });
      process.stdout.write(`${answer.status} ${answer.statusText}\n`);
      for (const [name, value] of answer.headers) process.stdout.write(`${name}: ${value}\n`);
      process.stdout.write(answer.body === '' ? '' : `\n${pretty(answer.body)}\n`);
      exit(answer.status < 400 ? 0 : 1);
    });
}

function urlOf(endpoint: string, path: string): URL {
  if (!path.startsWith('/')) throw new CommandError('PATH must begin with /', 2);
  const url = new URL(path, endpoint);
  if (!url.searchParams.has('api-version')) url.searchParams.set('api-version', DEFAULT_API_VERSION);
  return url;
}

function pretty(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}
