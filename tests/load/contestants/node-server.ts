import { createInterface } from 'node:readline';
import { ServerProcess } from './server-process.ts';

/** A server of the bench's own: a script that prints `{"port":N}` when it serves. */
export interface NodeServer {
  readonly process: ServerProcess;
  readonly port: number;
  readonly startMs: number;
}

/** Starts such a script on one core, with its data folder as only argument. */
export async function startNodeServer({
  core,
  script,
  dataFolder,
}: {
  core: number;
  script: string;
  dataFolder: string;
}): Promise<NodeServer> {
  const command = [process.execPath, '--disable-warning=ExperimentalWarning', script, dataFolder];
  const server = new ServerProcess({ core, command });
  const { promise, resolve } = Promise.withResolvers<number>();
  createInterface({ input: server.output }).once('line', (line) => resolve((JSON.parse(line) as { port: number }).port));
  const port = await Promise.race([promise, server.failed]);
  return { process: server, port, startMs: performance.now() - server.startedAtMs };
}
