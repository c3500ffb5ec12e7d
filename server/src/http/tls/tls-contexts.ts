import type { SecureContext, Server, TlsOptions } from 'node:tls';
import { realNow } from '../../lib/clock.ts';
import { InvalidStateError } from '../../lib/errors.ts';
import type { Log } from '../../lib/log.ts';
import type { Random } from '../../lib/random.ts';
import type { Timer, Timers } from '../../lib/timers.ts';
import { contextOptions, type CertificateAndKey } from './certificate-and-key.ts';
import { defaultNames, hostNameOf } from './host-names.ts';
import { LeafCertificates } from './leaf-certificates.ts';
import { LocalAuthority, type TlsEnvironment } from './local-authority.ts';
import { OwnCertificate, type OwnCertificateFiles } from './own-certificate.ts';
import type { Leaf } from './renewing-leaf.ts';

const CHECK_PERIOD_MS = 3_600_000;
const CAPACITY = 1_000;

export interface TlsContextsOptions {
  /** Where authority and leaves are kept over restarts; without it in memory only. */
  readonly folder?: string;
  /** Host names and IP addresses of the default leaf, beside `localhost`, `127.0.0.1` and `::1`. */
  readonly extraNames: readonly string[];
  /** Shown to clients that name a host it covers, or no host that is served. */
  readonly ownCertificate?: OwnCertificateFiles;
  /** Whether a leaf may be made for this lower-case host name. */
  readonly isServedName: (name: string) => boolean;
  readonly random: Random;
  readonly timers: Timers;
  readonly log: Log;
  /** Real time in milliseconds since the Unix epoch; the machine's by default. */
  readonly nowMs?: () => number;
}

interface Parts {
  readonly authority: LocalAuthority;
  readonly leaves: LeafCertificates;
  readonly defaultLeaf: Leaf;
  readonly own: OwnCertificate | undefined;
}

/** Decides which certificate a TLS client sees, and keeps all of them fresh while the server runs. */
export class TlsContexts {
  readonly #options: TlsContextsOptions;
  readonly #authority: LocalAuthority;
  readonly #leaves: LeafCertificates;
  readonly #own: OwnCertificate | undefined;
  readonly #defaultLeafNames: ReadonlySet<string>;
  readonly #servers = new Set<Server>();
  readonly #timer: Timer;
  readonly #answering = new Set<Promise<void>>();
  #default: CertificateAndKey;
  #checking: Promise<void> = Promise.resolve();
  #closed = false;

  private constructor(options: TlsContextsOptions, { authority, leaves, defaultLeaf, own }: Parts) {
    this.#options = options;
    this.#authority = authority;
    this.#leaves = leaves;
    this.#own = own;
    this.#defaultLeafNames = new Set(defaultNames(options.extraNames));
    this.#default = own?.pair ?? defaultLeaf;
    this.#timer = options.timers.every(CHECK_PERIOD_MS, () => {
      this.#checking = this.#checking.then(() => this.#check());
    });
  }

  /**
   * Opens or makes the authority and the default leaf, and reads the own certificate. Throws `TlsFileError`, which names the
   * file and the cure, when something kept or configured cannot be used.
   */
  static async open(options: TlsContextsOptions): Promise<TlsContexts> {
    const { random, log, folder } = options;
    const environment: TlsEnvironment = { random, log, nowMs: options.nowMs ?? realNow };
    const own = options.ownCertificate && (await OwnCertificate.open(options.ownCertificate, environment));
    const kept = { ...environment, ...(folder !== undefined && { folder }) };
    const authority = await LocalAuthority.open(kept);
    const leaves = new LeafCertificates({ ...kept, authority, defaultNames: defaultNames(options.extraNames), capacity: CAPACITY });
    return new TlsContexts(options, { authority, leaves, own, defaultLeaf: await leaves.default.current() });
  }

  /** Certificate of the local authority, for clients to trust. */
  get caPem(): string {
    return this.#authority.certificatePem;
  }

  /** Path of the authority's certificate, undefined when nothing is kept. */
  get caFile(): string | undefined {
    return this.#authority.certificateFile;
  }

  /** Options for `https.createServer`. {@link attach} the server made with them, so that it learns of renewals. */
  serverOptions(): TlsOptions {
    return {
      ...contextOptions(this.#default),
      ALPNProtocols: ['http/1.1'],
      SNICallback: (text, done) => {
        const answered = this.#contextFor(text).then((context) => {
          this.#answering.delete(answered);
          done(null, context);
        });
        this.#answering.add(answered);
      },
    };
  }

  /**
   * Gives `server` the renewed default certificate when there is one. Clients that connect to an IP address indicate no
   * name, so the SNI callback is not asked for them.
   */
  attach(server: Server): void {
    if (this.#closed) throw new InvalidStateError('TlsContexts');
    this.#servers.add(server);
    server.once('close', () => this.#servers.delete(server));
    // A renewal may have come between serverOptions() and now.
    server.setSecureContext(contextOptions(this.#default));
  }

  /** Ends the periodic check and waits for what is being made. Servers go on with their default certificate. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#timer.cancel();
    this.#servers.clear();
    await Promise.all([this.#checking, ...this.#answering]);
  }

  /** The context for an indicated name; undefined means the default of the server. Never rejects. */
  async #contextFor(text: string): Promise<SecureContext | undefined> {
    try {
      const name = hostNameOf(text);
      if (name === undefined || this.#closed) return undefined;
      if (this.#own?.covers(name)) return this.#own.context;
      if (this.#defaultLeafNames.has(name)) return (await this.#leaves.default.current()).context;
      return this.#options.isServedName(name) ? (await this.#leaves.named(name)).context : undefined;
    } catch (error) {
      this.#options.log.error({ err: error }, 'no certificate for an indicated name; the default certificate is shown');
      return undefined;
    }
  }

  /** Never rejects. */
  async #check(): Promise<void> {
    try {
      await this.#own?.reload();
      const leaf = await this.#leaves.default.current();
      this.#useAsDefault(this.#own?.pair ?? leaf);
      await this.#leaves.sweep();
    } catch (error) {
      this.#options.log.error({ err: error }, 'certificates could not be checked; those in use stay');
    }
  }

  #useAsDefault(pair: CertificateAndKey): void {
    if (pair.certificatePem === this.#default.certificatePem && pair.keyPem === this.#default.keyPem) return;
    this.#default = pair;
    for (const server of this.#servers) server.setSecureContext(contextOptions(pair));
  }
}
