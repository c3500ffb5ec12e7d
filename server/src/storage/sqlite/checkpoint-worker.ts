import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';

// Runs in a worker thread: one connection that does nothing but checkpoints.
const { path } = workerData as { readonly path: string };
const database = new DatabaseSync(path, { timeout: 5_000 });
database.exec('pragma synchronous = normal; pragma wal_autocheckpoint = 0');

parentPort?.on('message', () => {
  try {
    database.prepare('pragma wal_checkpoint(passive)').all();
  } catch {
    // Disk full or busy: the log simply keeps growing until a later pass succeeds.
  }
  parentPort?.postMessage('done');
});
