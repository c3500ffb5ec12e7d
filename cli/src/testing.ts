import { once } from 'node:events';
import { mkdtempDisposable } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDataFolder, type RunFile } from '@switchboard/server/config';
import { vi } from 'vitest';
import { run } from './program.ts';

export const KEY = Buffer.alloc(64, 1);

interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** A data folder in whose name something listens that answers as a server would. */
export async function serve(answer: { readonly status: number; readonly body: unknown }) {
  const folder = await mkdtempDisposable(join(tmpdir(), 'switchboard-cli-'));
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      seen.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body });
      response.writeHead(answer.status, { 'x-ms-request-id': 'r1' }).end(answer.body === undefined ? '' : JSON.stringify(answer.body));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const held = openDataFolder(folder.path);
  const announce = (changes: Partial<RunFile> = {}) => {
    const connectionString = `endpoint=${endpoint};accesskey=${KEY.toString('base64')}`;
    const known = { version: '0', endpoint, httpEndpoint: endpoint, connectionString, adminKey: 'admin', caFile: '/data/tls/ca.pem' };
    held.announce({ pid: process.pid, ...known, ...changes });
  };
  announce();
  return {
    folder: folder.path,
    endpoint,
    seen,
    announce,
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
      held.release();
      await folder.remove();
    },
  };
}

/** Runs a command line. */
export async function command(...args: string[]): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  const out = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  const err = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  try {
    const code = await run(args);
    return { code, out: out.mock.calls.join(''), err: err.mock.calls.join('') };
  } finally {
    out.mockRestore();
    err.mockRestore();
  }
}
