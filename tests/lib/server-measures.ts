import { readFileSync } from 'node:fs';
import type { TestServer } from './server.ts';

/** Resident memory of the server's process, bytes, which is Linux's to know. */
export function residentBytes(server: TestServer): number {
  const status = readFileSync(`/proc/${server.ready.pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
}

export async function liveConnections(server: TestServer): Promise<number> {
  return (await server.admin<{ liveConnections: number }>('GET', '/admin/status')).body.liveConnections;
}
