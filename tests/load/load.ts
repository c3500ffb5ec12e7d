import type { Rooms, RunningServer } from './contestants/contestant.ts';
import { Flights } from './flights.ts';
import type { Shape } from './shapes.ts';

/** How long after the last send a delivery may take before it counts as missing. */
const graceMs = 10_000;
const mostWarmUpSeconds = 15;

export interface Target {
  readonly shape: Shape;
  readonly rooms: Rooms;
  readonly flights: Flights;
}

export interface Burst {
  readonly sends: number;
  /** From the first send to the last delivery. */
  readonly elapsedMs: number;
}

/** Opens the rooms of a shape on a server, with every member connected, and closes them when `use` is done. */
export async function withRooms<T>(server: RunningServer, shape: Shape, use: (target: Target) => Promise<T>): Promise<T> {
  const flights = new Flights(shape.members);
  const onMessage = flights.arrived.bind(flights);
  const rooms = await server.openRooms(shape, { onMessage, onLost: (error) => flights.fail(error) });
  try {
    return await use({ shape, rooms, flights });
  } finally {
    rooms.close();
  }
}

export interface LoadOptions {
  readonly inFlight: number;
  readonly seconds: number;
  /** Ends earlier when so many have been sent. */
  readonly sends?: number;
}

/** Keeps `inFlight` messages under way for `seconds`: each is followed by the next when its last member has it. */
export async function sendInFlight(target: Target, options: LoadOptions): Promise<Burst> {
  const startMs = performance.now();
  const endMs = startMs + options.seconds * 1000;
  const most = options.sends ?? Infinity;
  let sends = 0;
  async function worker(): Promise<void> {
    while (sends < most && performance.now() < endMs) await sendOne(target, sends++);
  }
  const workers = Array.from({ length: options.inFlight }, worker);
  await withinGrace(target.flights, { work: Promise.all(workers), budgetMs: options.seconds * 1000 });
  return { sends, elapsedMs: performance.now() - startMs };
}

/**
 * Lets a server come to full speed: compilers work beside the first tens of thousands of messages, and would count as
 * work of the measured ones. At most 15 s, for servers that are slow anyway.
 */
export async function warmUp(target: Target, options: { readonly inFlight: number; readonly sends: number }): Promise<void> {
  await sendInFlight(target, { ...options, seconds: mostWarmUpSeconds });
}

/** Sends at a fixed rate whatever the answers do; returns each message's ms from send to last delivery. */
export async function sendAtRate(target: Target, options: { readonly perSecond: number; readonly seconds: number }): Promise<number[]> {
  const total = Math.round(options.perSecond * options.seconds);
  const startMs = performance.now();
  const { promise, resolve, reject } = Promise.withResolvers<number[]>();
  const latenciesMs: number[] = [];
  let sent = 0;
  const timer = setInterval(() => {
    const due = Math.min(total, Math.floor(((performance.now() - startMs) * options.perSecond) / 1000));
    for (; sent < due; sent += 1) timed(target, sent).then(landed, reject);
  }, 1);
  function landed(latencyMs: number): void {
    latenciesMs.push(latencyMs);
    if (latenciesMs.length === total) resolve(latenciesMs);
  }
  return withinGrace(target.flights, { work: promise, budgetMs: options.seconds * 1000 }).finally(() => clearInterval(timer));
}

async function timed(target: Target, index: number): Promise<number> {
  const startMs = performance.now();
  await sendOne(target, index);
  return performance.now() - startMs;
}

/** Rooms take turns, and so do the members of a room. */
function sendOne(target: Target, index: number): Promise<void> {
  const { rooms, members } = target.shape;
  return sendTo(target, { room: index % rooms, member: Math.floor(index / rooms) % members });
}

/** Resolves when the message was acknowledged and has reached every member. */
async function sendTo({ rooms, flights }: Target, { room, member }: { readonly room: number; readonly member: number }): Promise<void> {
  const { sequence, landed } = flights.start(room);
  await Promise.all([rooms.send({ room, member, sequence }), landed]);
}

/**
 * Proves that messages are not only pushed: one that is sent when all others have landed must be the newest in its
 * room's archive. (Of several under way at once any may be stored last.)
 */
export async function checkStored(target: Target): Promise<void> {
  const { shape, rooms, flights } = target;
  flights.check();
  for (let room = 0; room < shape.rooms; room += 1) {
    await withinGrace(flights, { work: sendTo(target, { room, member: 0 }), budgetMs: 0 });
    const stored = await rooms.newestStored(room);
    if (stored !== flights.lastOf(room)) throw new Error(`room ${room} has stored message ${stored} last, not ${flights.lastOf(room)}`);
  }
}

/** Gives up when `budgetMs` and the grace are over; whatever goes wrong ends all flights. */
async function withinGrace<T>(flights: Flights, { work, budgetMs }: { readonly work: Promise<T>; readonly budgetMs: number }): Promise<T> {
  const timer = setTimeout(() => flights.fail(new Error(`${flights.missing} deliveries never came`)), budgetMs + graceMs);
  try {
    return await work;
  } catch (error) {
    flights.fail(error instanceof Error ? error : new Error(String(error)));
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
