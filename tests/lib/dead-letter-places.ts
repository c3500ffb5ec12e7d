import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StartOptions } from './server.ts';
import { TemporaryFolder } from './temporary.ts';

/** A file of dead letters. */
export interface LetterFile {
  /** Below the folder or container. */
  readonly path: string;
  readonly letters: readonly Record<string, unknown>[];
}

/** Where dead letters lie, and how it comes to be away for a while. */
export interface Place extends AsyncDisposable {
  /** What a subscription says of it. */
  readonly destination: object;
  /** What a server has to be told of it. */
  readonly start: StartOptions;
  files(): Promise<LetterFile[]>;
  takeAway(): Promise<void>;
  bringBack(): Promise<void>;
}

/** A folder, in whose place a file can stand: that refuses whoever the server runs as. */
export class FolderForLetters implements Place {
  readonly destination = { endpointType: 'Folder' };
  readonly #temporary = new TemporaryFolder();
  readonly #folder = join(this.#temporary.path, 'letters');
  readonly start = { args: ['--dead-letters', this.#folder] };

  files(): Promise<LetterFile[]> {
    const found = existsSync(this.#folder) ? readdirSync(this.#folder, { recursive: true, encoding: 'utf8' }) : [];
    const paths = found.filter((path) => path.endsWith('.json'));
    return Promise.resolve(
      paths.map((path) => ({ path, letters: JSON.parse(readFileSync(join(this.#folder, path), 'utf8')) as LetterFile['letters'] })),
    );
  }

  takeAway(): Promise<void> {
    rmSync(this.#folder, { recursive: true, force: true });
    writeFileSync(this.#folder, '');
    return Promise.resolve();
  }

  bringBack(): Promise<void> {
    rmSync(this.#folder);
    mkdirSync(this.#folder);
    return Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#temporary[Symbol.dispose]();
    return Promise.resolve();
  }
}
