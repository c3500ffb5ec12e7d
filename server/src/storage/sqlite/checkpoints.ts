import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';

/** Commits between two checkpoints: keeps the log within its pre-grown size under load. */
const BATCHES_PER_CHECKPOINT = 400;

/**
 * Copies the write-ahead log back into the database from a worker with its own connection, so that the main thread
 * never waits for those syncs. The worker checkpoints twice: once while writers go on, and once more for the short tail
 * while batches are held, after which the log starts over from its beginning.
 */
export class Checkpoints {
  readonly #worker: Worker;
  #batches = 0;
  #firstPass: Promise<void> | undefined;
  #firstPassDone = false;
  #answer: (() => void) | undefined;
  #dead = false;

  constructor(path: string, onError: (error: Error) => void) {
    const script = new URL(`./checkpoint-worker${extname(import.meta.url)}`, import.meta.url);
    this.#worker = new Worker(script, { workerData: { path } });
    this.#worker.unref();
    this.#worker.on('message', () => this.#answered());
    this.#worker.on('error', (error: Error) => {
      // Whoever waits for a checkpoint is let go: without them the log only grows.
      this.#dead = true;
      this.#answered();
      onError(error);
    });
  }

  /** To be called after each batch; a returned promise holds the next one for the second, short pass. */
  afterBatch(): Promise<void> | undefined {
    if (this.#dead) return undefined;
    this.#batches += 1;
    if (this.#firstPassDone) {
      this.#firstPassDone = false;
      this.#firstPass = undefined;
      this.#batches = 0;
      return this.#checkpoint();
    }
    if (this.#batches >= BATCHES_PER_CHECKPOINT && this.#firstPass === undefined) {
      this.#firstPass = this.#checkpoint().then(() => {
        this.#firstPassDone = true;
      });
    }
    return undefined;
  }

  async close(): Promise<void> {
    await this.#firstPass;
    await this.#worker.terminate();
  }

  #answered(): void {
    const answer = this.#answer;
    this.#answer = undefined;
    answer?.();
  }

  #checkpoint(): Promise<void> {
    return new Promise((resolve) => {
      this.#answer = resolve;
      this.#worker.postMessage('checkpoint');
    });
  }
}
