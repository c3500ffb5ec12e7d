import { setTimeout as sleep } from 'node:timers/promises';
import { CommandError } from '../../command-error.ts';
import { type DataPlane, headerOf } from '../../data-plane.ts';
import type { Answer } from '../../server-client.ts';

interface Operation {
  readonly id: string;
  readonly status: string;
  readonly error?: { readonly code: string; readonly message: string };
}

const POLL_MS = 250;
const LONGEST_MS = 60_000;

/** Waits for the end of a long-running operation. @throws CommandError when it failed, or goes on for a minute */
export async function conclude(plane: DataPlane, begun: Answer): Promise<void> {
  const path = headerOf(begun, 'operation-location') ?? '';
  for (let waitedMs = 0; waitedMs <= LONGEST_MS; waitedMs += POLL_MS) {
    const { id, status, error } = JSON.parse((await plane.call('GET', path)).body) as Operation;
    if (status === 'succeeded') return;
    if (status === 'failed') throw new CommandError(`${id} failed: ${error?.code ?? ''}. ${error?.message ?? ''}`);
    await sleep(POLL_MS);
  }
  throw new CommandError(`the operation goes on: look at it with "switchboard request GET ${path}", or advance a virtual clock`);
}
