import { fileURLToPath } from 'node:url';
import { connectEngineSocket } from '../../clients/engine-socket.ts';
import type { Contestant, Installation } from '../contestant.ts';
import { makeDataFolder, removeDataFolder } from '../data-folder.ts';
import { startNodeServer } from '../node-server.ts';
import { RunningRoomServer } from '../running-room-server.ts';

const script = fileURLToPath(new URL('server.ts', import.meta.url));

/** What many would write: socket.io for the rooms, SQLite for the messages, each committed and synced by itself. */
export function socketIo(core: number): Contestant {
  return {
    name: 'socket.io',
    answersPushes: false,
    warmUpSends: 30_000,
    async install(): Promise<Installation> {
      const dataFolder = await makeDataFolder();
      // It checks no tokens, in its favour.
      const protocol = { headersOf: () => Promise.resolve({}), connect: connectEngineSocket };
      return {
        start: async () => new RunningRoomServer(await startNodeServer({ core, script, dataFolder }), protocol),
        remove: () => removeDataFolder(dataFolder),
      };
    },
  };
}
