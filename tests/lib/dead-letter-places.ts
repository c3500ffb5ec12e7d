import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Azurite } from './azurite.ts';
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

const ACCOUNT = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/letters';
const CONTAINER = 'dead-letters';

/** A container of a storage account, which is away when it is deleted, or when the whole account does not answer. */
export class ContainerForLetters implements Place {
  readonly destination = { endpointType: 'StorageBlob', properties: { resourceId: ACCOUNT, blobContainerName: CONTAINER } };
  readonly start: StartOptions;
  readonly #azurite: Azurite;
  readonly #whatGoes: 'container' | 'account';

  private constructor(azurite: Azurite, whatGoes: 'container' | 'account') {
    this.#azurite = azurite;
    this.#whatGoes = whatGoes;
    this.start = { env: { SWITCHBOARD_EVENT_ENDPOINTS: JSON.stringify({ [ACCOUNT]: azurite.connectionString() }) } };
  }

  /** @param whatGoes when it is taken away */
  static async open(whatGoes: 'container' | 'account'): Promise<ContainerForLetters> {
    const azurite = await Azurite.open();
    await azurite.container(CONTAINER).create();
    return new ContainerForLetters(azurite, whatGoes);
  }

  async files(): Promise<LetterFile[]> {
    const container = this.#azurite.container(CONTAINER);
    const found: LetterFile[] = [];
    for await (const { name: path, properties } of container.listBlobsFlat()) {
      if (properties.contentType !== 'application/json') throw new Error(`${path} is ${properties.contentType}`);
      const text = (await container.getBlobClient(path).downloadToBuffer()).toString('utf8');
      found.push({ path, letters: JSON.parse(text) as LetterFile['letters'] });
    }
    return found;
  }

  async takeAway(): Promise<void> {
    await (this.#whatGoes === 'account' ? this.#azurite.stop() : this.#azurite.container(CONTAINER).delete());
  }

  async bringBack(): Promise<void> {
    await (this.#whatGoes === 'account' ? this.#azurite.start() : this.#azurite.container(CONTAINER).create());
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#azurite[Symbol.asyncDispose]();
  }
}
