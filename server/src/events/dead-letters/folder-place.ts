import { mkdir, open, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DeadLetterPlace } from './dead-letter.ts';

/** Dead letters in a folder of this machine, readable for its owner only: they hold what events hold. */
export class FolderPlace implements DeadLetterPlace {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async write(path: string, text: string): Promise<void> {
    const file = join(this.#folder, path);
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    const unfinished = `${file}.unfinished`;
    const handle = await open(unfinished, 'w', 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(unfinished, file);
    await syncFolder(dirname(file));
  }
}

/** The new name is on disk, too: afterwards the event is removed from the store. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
