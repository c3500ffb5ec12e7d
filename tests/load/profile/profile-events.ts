import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { switchboard } from '../contestants/switchboard/switchboard.ts';
import { drained, shapes, subscribe, trigger, type Shape } from '../events/events.ts';
import { Receiver } from '../events/receiver.ts';
import { selects, type BenchOptions } from '../options.ts';
import { withServer } from '../rounds.ts';
import { summarise } from './cpu-profile.ts';
import { profiled } from './profiled.ts';
import { renderProfile } from './render.ts';
import { readUse, useBetween } from './threads.ts';

const events = 20_000;
const warmUps = 4;

/** Where our server's CPU time goes while it queues events and delivers them to a webhook, as text for people. */
export async function* profileEvents(options: BenchOptions): AsyncGenerator<string> {
  for (const shape of shapes.filter(({ name }) => selects(options, name))) {
    options.progress(shape.name);
    yield await profileShape(shape, options);
  }
}

async function profileShape({ name, perPost }: Shape, options: BenchOptions): Promise<string> {
  const receiver = await Receiver.open();
  try {
    return await withServer(switchboard(options.cores.server, { inspected: true, isProduction: true }), async (server) => {
      await subscribe(server, receiver, perPost);
      const deliver = async (): Promise<void> => {
        await trigger(server, events);
        await receiver.next(events);
        await drained(server);
      };
      for (let turn = 0; turn < warmUps; turn += 1) await deliver();
      const before = readUse(server.pid);
      await deliver();
      const use = useBetween(before, readUse(server.pid));
      const profile = await profiled(server.inspectorUrl, deliver);
      const file = join(tmpdir(), `switchboard-events-${name}.cpuprofile`);
      await writeFile(file, JSON.stringify(profile));
      options.progress(`the whole profile: ${file}`);
      return renderProfile({ title: name, sends: events, use, summary: summarise(profile) });
    });
  } finally {
    receiver.close();
  }
}
