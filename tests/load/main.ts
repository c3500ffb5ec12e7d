import { parseArgs } from 'node:util';
import { benchAuth } from './auth.ts';
import { benchChat } from './chat.ts';
import { benchEvents, shapes as eventShapes } from './events/events.ts';
import { peerNames } from './contestants/peers.ts';
import { claimCores } from './cores.ts';
import { idleShapes } from './idle.ts';
import { selects, type BenchOptions } from './options.ts';
import { benchThread } from './thread/thread.ts';
import { profileChat } from './profile/profile-chat.ts';
import { profileEvents } from './profile/profile-events.ts';
import { profileIdle } from './profile/profile-idle.ts';
import { formatMarkdown, formatTable, type Row } from './report.ts';
import { shapes } from './shapes.ts';
import { benchSmpp } from './smpp.ts';
import { benchStart } from './start.ts';

const benches: Readonly<Record<string, (options: BenchOptions) => AsyncIterable<Row>>> = {
  start: benchStart,
  auth: benchAuth,
  chat: benchChat,
  thread: benchThread,
  events: benchEvents,
  smpp: benchSmpp,
};

const profiles: Readonly<Record<string, readonly ((options: BenchOptions) => AsyncIterable<string>)[]>> = {
  chat: [profileChat, profileIdle],
  events: [profileEvents],
};

const usage = `npm run bench -- [NAME…] [OPTION…]
  NAME        ${Object.keys(benches).join(', ')} (all)
  --json      one JSON object a line instead of a table
  --markdown  a table for the docs, with a column for each peer
  --rounds    how often each contestant is measured; medians are reported (3)
  --seconds   length of a measured stretch (3)
  --shape     chat: only ${[...shapes.map(({ name }) => name), 'idle', 'idle-tls', 'idle-many'].join(', ')};
              a part of a name (dense, stock, idle) chooses several
  --peer      chat: compare with this one only (${peerNames.join(', ')}); may be repeated
  --messages  thread: size of the big thread (1000000)
  --idle      chat: idle sockets to weigh (2000)
  --many      chat: idle sockets that one process of ours is made to hold (15000)
  --profile   chat, events: instead of comparing, print where our server's CPU time and memory go`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    help: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    markdown: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '3' },
    shape: { type: 'string' },
    peer: { type: 'string', multiple: true, default: [] },
    messages: { type: 'string', default: '1000000' },
    idle: { type: 'string', default: '2000' },
    many: { type: 'string', default: '15000' },
    profile: { type: 'boolean', default: false },
  },
});

async function main(): Promise<void> {
  if (values.help) {
    console.log(usage);
    return;
  }
  if (values.profile) {
    const chosen = profiles[positionals.join()];
    if (chosen === undefined || values.json) throw new Error(`--profile goes with chat or with events, and prints text\n${usage}`);
    const options = { ...readOptions(), progress };
    for (const profile of chosen) for await (const text of profile(options)) console.log(`${text}\n`);
    return;
  }
  const chosen = (positionals.length > 0 ? positionals : Object.keys(benches)).map((name) => {
    const bench = benches[name];
    if (bench === undefined) throw new Error(`no bench is named ${name}\n${usage}`);
    return { name, bench };
  });
  const options = readOptions();
  for (const { name, bench } of chosen) {
    await print(bench({ ...options, progress: (text) => progress(`${name}: ${text}`) }));
  }
}

function progress(text: string): void {
  console.error(text);
}

/** JSON line by line as the figures come, a table when all are there. What was measured before a failure is printed too. */
async function print(figures: AsyncIterable<Row>): Promise<void> {
  const rows: Row[] = [];
  try {
    for await (const row of figures) {
      rows.push(row);
      if (values.json) console.log(JSON.stringify(row));
    }
  } finally {
    if (!values.json && rows.length > 0) console.log(values.markdown ? formatMarkdown(rows) : formatTable(rows));
  }
}

function readOptions(): Omit<BenchOptions, 'progress'> {
  const { shape, peer } = values;
  const counts = { idleSockets: positive('idle'), manySockets: positive('many') };
  const known = [...[...shapes, ...eventShapes].map(({ name }) => name), 'production', 'lag', ...idleShapes(counts)];
  if (!known.some((name) => selects({ shape }, name))) throw new Error(`no shape is named ${shape}\n${usage}`);
  const unknown = peer.find((name) => !peerNames.includes(name));
  if (unknown !== undefined) throw new Error(`no peer is named ${unknown}\n${usage}`);
  return {
    cores: claimCores(progress),
    rounds: positive('rounds'),
    seconds: positive('seconds'),
    shape,
    peers: peer,
    messages: positive('messages'),
    ...counts,
  };
}

function positive(name: 'rounds' | 'seconds' | 'messages' | 'idle' | 'many'): number {
  const value = Number(values[name]);
  if (!Number.isInteger(value) || value < 1) throw new Error(`--${name} must be a whole number from 1 on, not ${values[name]}`);
  return value;
}

// Servers die with this process (server-process.ts), but only when it exits rather than being killed by the signal.
process.once('SIGINT', () => process.exit(130)).once('SIGTERM', () => process.exit(143));

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
