import { fileURLToPath } from 'node:url';
import type { HttpClient } from '../../clients/http-client.ts';
import { connectMemberSocket } from '../../clients/member-socket.ts';
import type { Contestant, Installation } from '../contestant.ts';
import { makeDataFolder, removeDataFolder } from '../data-folder.ts';
import { startNodeServer } from '../node-server.ts';
import { RunningRoomServer } from '../running-room-server.ts';

const script = fileURLToPath(new URL('server.ts', import.meta.url));

/** A yardstick: what a durable, authenticated send and its pushes cost on Node with nothing of a product around them. */
export function nodeReference(core: number): Contestant {
  return {
    name: 'node-reference',
    answersPushes: true,
    warmUpSends: 30_000,
    async install(): Promise<Installation> {
      const dataFolder = await makeDataFolder();
      const protocol = { headersOf, connect: connectMemberSocket };
      return {
        start: async () => new RunningRoomServer(await startNodeServer({ core, script, dataFolder }), protocol),
        remove: () => removeDataFolder(dataFolder),
      };
    },
  };
}

async function headersOf(http: HttpClient, user: string): Promise<Record<string, string>> {
  const { body } = await http.request({ method: 'POST', target: `/tokens/${user}` });
  return { Authorization: `Bearer ${body}` };
}
