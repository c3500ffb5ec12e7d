import { createHash } from 'node:crypto';
import { readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { LocalAuthority, TlsEnvironment } from './local-authority.ts';
import { RenewingLeaf, type Leaf } from './renewing-leaf.ts';

export interface LeafCertificatesOptions extends TlsEnvironment {
  readonly authority: LocalAuthority;
  /** Where leaves are kept over restarts; without it in memory only. */
  readonly folder?: string;
  /** Names of the default leaf, host names and IP addresses. */
  readonly defaultNames: readonly string[];
  /** How many named leaves are held in memory and, after a {@link LeafCertificates.sweep}, on disk. */
  readonly capacity: number;
}

const DEFAULT_FILE = 'leaf.pem';
const NAMED_FILE = /^leaf-[0-9a-f]{32}\.pem$/;

/** The default leaf and one leaf for each further name, the least recently used of which are forgotten first. */
export class LeafCertificates {
  readonly default: RenewingLeaf;
  readonly #options: LeafCertificatesOptions;
  readonly #named = new Map<string, RenewingLeaf>();

  constructor(options: LeafCertificatesOptions) {
    this.#options = options;
    this.default = this.#leaf(options.defaultNames, DEFAULT_FILE);
  }

  /** The leaf for one host name, loaded or made when needed. The caller has checked that the name is served. */
  named(name: string): Promise<Leaf> {
    const leaf = this.#named.get(name) ?? this.#leaf([name], namedFile(name));
    this.#named.delete(name);
    this.#named.set(name, leaf);
    this.#forgetOldest();
    return leaf.current();
  }

  /** Deletes the files of the named leaves written longest ago, beyond the capacity. */
  async sweep(): Promise<void> {
    const { folder, capacity } = this.#options;
    if (folder === undefined) return;
    const files = (await readdir(folder)).filter((file) => NAMED_FILE.test(file)).map((file) => path.join(folder, file));
    if (files.length <= capacity) return;
    const dated = await Promise.all(files.map(async (file) => ({ file, writtenMs: (await stat(file)).mtimeMs })));
    const surplus = dated.sort((a, b) => b.writtenMs - a.writtenMs).slice(capacity);
    await Promise.all(surplus.map(({ file }) => rm(file, { force: true })));
  }

  #leaf(names: readonly string[], fileName: string): RenewingLeaf {
    const { folder, ...rest } = this.#options;
    return new RenewingLeaf({ ...rest, names, ...(folder !== undefined && { file: path.join(folder, fileName) }) });
  }

  #forgetOldest(): void {
    if (this.#named.size <= this.#options.capacity) return;
    const [oldest] = this.#named.keys();
    if (oldest !== undefined) this.#named.delete(oldest);
  }
}

/** Hashed, because a host name can be longer than a file name, and `con` is a device on Windows. */
function namedFile(name: string): string {
  return `leaf-${createHash('sha256').update(name).digest('hex').slice(0, 32)}.pem`;
}
