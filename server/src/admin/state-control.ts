import type { StateGate } from '../http/index.ts';
import { type Clock, VirtualClock } from '../lib/clock.ts';
import type { IdPositions } from '../lib/ids.ts';
import { SnapshotError, type Storage } from '../storage/index.ts';
import { adminErrors } from './errors.ts';

export interface StateControlOptions {
  readonly state: Storage['state'];
  readonly gate: StateGate;
  readonly clock: Clock;
  readonly realNow: () => number;
  /** Where seeded ids stand; undefined for a server whose ids are random. */
  readonly idPositions: () => IdPositions | undefined;
  /** Whether {@link furnish} will be able to, at this time. @throws ApiError why not */
  readonly check: (nowMs: number) => void;
  /** Gives a new state what every state has. */
  readonly furnish: (state: NewState) => Promise<void>;
}

/** A state that has just taken the place of another. */
export interface NewState {
  readonly kind: 'reset' | 'restored';
  /** Where its seeded ids stood when it was saved. */
  readonly ids?: IdPositions | undefined;
}

export interface Snapshot extends SnapshotNote {
  readonly name: string;
}

/** Saved beside the rows. */
interface SnapshotNote {
  /** Real milliseconds since the epoch. */
  readonly savedAtMs: number;
  readonly clock: { readonly kind: 'real' | 'virtual'; readonly nowMs: number };
  readonly ids?: IdPositions | undefined;
}

/** Names become file names and names of schemas. */
const SNAPSHOT_NAME = /^[a-z0-9](?:[a-z0-9_-]{0,46}[a-z0-9])?$/;
const MOST_SNAPSHOTS = 100;

/** Empties the server, and saves and restores what it holds, for tests that want to begin from a known state. */
export class StateControl {
  readonly #options: StateControlOptions;

  constructor(options: StateControlOptions) {
    this.#options = options;
  }

  /**
   * Everything as after a first start, but for keys and snapshots. A virtual clock shows the real time again.
   *
   * @throws ApiError 409 when the fixtures of the settings cannot be loaded any more; then nothing is changed
   */
  async reset(): Promise<void> {
    const { state, gate, realNow, check, furnish } = this.#options;
    await gate.exclusively(async () => {
      check(realNow());
      await state.reset(async () => {
        await this.#setClock(realNow());
        await furnish({ kind: 'reset' });
      });
    });
  }

  /** @throws ApiError 400 for a name that cannot be, 409 for one that is taken, unless it may be replaced */
  async save(name: string, options: { readonly replace: boolean }): Promise<Snapshot> {
    if (!SNAPSHOT_NAME.test(name)) throw adminErrors.badSnapshotName(name);
    const { state, gate, clock, idPositions, realNow } = this.#options;
    return gate.exclusively(async () => {
      const names = (await state.list()).map((snapshot) => snapshot.name);
      if (names.includes(name)) {
        if (!options.replace) throw adminErrors.snapshotExists(name);
      } else if (names.length >= MOST_SNAPSHOTS) throw adminErrors.tooManySnapshots(MOST_SNAPSHOTS);
      const note: SnapshotNote = {
        savedAtMs: realNow(),
        clock: { kind: clock.kind, nowMs: clock.now() },
        ids: idPositions(),
      };
      await state.save({ name, note: JSON.stringify(note) }).catch((error: unknown) => refuse(name, error));
      return { name, ...note };
    });
  }

  /** By name. */
  async list(): Promise<Snapshot[]> {
    return (await this.#options.state.list()).map(({ name, note }) => ({ name, ...parseNote(note) }));
  }

  /** @throws ApiError 404 */
  async delete(name: string): Promise<void> {
    const isThere = SNAPSHOT_NAME.test(name) && (await this.#options.gate.exclusively(() => this.#options.state.remove(name)));
    if (!isThere) throw adminErrors.unknownSnapshot(name);
  }

  /**
   * Puts a snapshot in the place of everything. A virtual clock goes to the time it showed then.
   *
   * @throws ApiError 404 for an unknown one, 409 for one that cannot be restored
   */
  async restore(name: string): Promise<Snapshot> {
    if (!SNAPSHOT_NAME.test(name)) throw adminErrors.unknownSnapshot(name);
    const { state, gate, furnish } = this.#options;
    const restored = gate.exclusively(() =>
      state.restore(name, async (note) => {
        const snapshot = { name, ...parseNote(note) };
        await this.#setClock(snapshot.clock.nowMs);
        await furnish({ kind: 'restored', ids: snapshot.ids });
        return snapshot;
      }),
    );
    return restored.catch((error: unknown) => refuse(name, error));
  }

  async #setClock(nowMs: number): Promise<void> {
    const { clock } = this.#options;
    if (clock instanceof VirtualClock) await clock.set(nowMs);
  }
}

/** Written by `save`. */
function parseNote(note: string): SnapshotNote {
  return JSON.parse(note) as SnapshotNote;
}

/** @throws always */
function refuse(name: string, error: unknown): never {
  if (!(error instanceof SnapshotError)) throw error;
  switch (error.reason) {
    case 'unknown':
      throw adminErrors.unknownSnapshot(name);
    case 'damaged':
      throw adminErrors.damagedSnapshot(name);
    case 'other-schema':
      throw adminErrors.snapshotOfOtherVersion(name);
    case 'not-permitted':
      throw adminErrors.snapshotNotPermitted();
  }
}
