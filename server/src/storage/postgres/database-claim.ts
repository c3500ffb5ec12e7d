import type pg from 'pg';
import { UnavailableError } from '../errors.ts';

const OWNER_LOCK = 0x53574f57;

/**
 * A database claimed for this process by an advisory lock, which ends with the connection that took it. A claim that was
 * lost with its connection is taken again before the next write; until then nothing is written, because another process
 * may have claimed the database meanwhile.
 */
export class DatabaseClaim {
  readonly #connect: () => Promise<pg.PoolClient>;
  #holder: pg.PoolClient | undefined;
  #taking: Promise<boolean> | undefined;

  constructor(connect: () => Promise<pg.PoolClient>) {
    this.#connect = connect;
  }

  get held(): boolean {
    return this.#holder !== undefined;
  }

  /** @returns false when another process holds the database */
  async take(): Promise<boolean> {
    if (this.#holder !== undefined) return true;
    this.#taking ??= this.#take().finally(() => (this.#taking = undefined));
    return this.#taking;
  }

  /** @throws UnavailableError while another process holds the database */
  async require(): Promise<void> {
    if (!(await this.take())) throw new UnavailableError('busy', new Error('another process has claimed the database'));
  }

  release(): void {
    this.#holder?.release(true);
    this.#holder = undefined;
  }

  async #take(): Promise<boolean> {
    const client = await this.#connect();
    try {
      const { rows } = await client.query<{ held: boolean }>('select pg_try_advisory_lock($1) as held', [OWNER_LOCK]);
      if (rows[0]?.held !== true) {
        client.release();
        return false;
      }
    } catch (error) {
      client.release(true);
      throw error;
    }
    this.#holder = client;
    client.once('end', () => this.#lost(client));
    return true;
  }

  #lost(client: pg.PoolClient): void {
    if (this.#holder !== client) return;
    this.#holder = undefined;
    client.release(true);
  }
}
