import { createPrivateKey, X509Certificate } from 'node:crypto';
import path from 'node:path';
import { messageOf } from '../../lib/errors.ts';
import type { Log } from '../../lib/log.ts';
import type { Random } from '../../lib/random.ts';
import type { CertificateAndKey } from './certificate-and-key.ts';
import { ensurePrivateFolder, ensurePrivateKeyFile, readIfPresent, TlsFileError, writeAtomically } from './files.ts';

export const DAY_MS = 86_400_000;
const AUTHORITY_LIFE_MS = 3_650 * DAY_MS;
/** With less left than this, leaves would become too short to be worth starting with. */
const AUTHORITY_LEAST_LEFT_MS = 30 * DAY_MS;
/** Browsers refuse more than 398 days from certificates of public authorities; ours stays below for everyone. */
const LEAF_LIFE_MS = 397 * DAY_MS;
/** For clients whose clocks are behind. */
const BACKDATED_MS = DAY_MS;

/** What everything here needs from outside. */
export interface TlsEnvironment {
  readonly random: Random;
  readonly log: Log;
  /** Real time in milliseconds since the Unix epoch. */
  readonly nowMs: () => number;
}

export interface AuthorityOptions extends TlsEnvironment {
  /** Where `ca.pem` and `ca-key.pem` are kept; without it the authority lives in memory only. */
  readonly folder?: string;
}

/** The authority of this installation, which users trust once and which signs every generated leaf. */
export class LocalAuthority {
  readonly certificatePem: string;
  /** Path of `ca.pem`, undefined when the authority lives in memory only. */
  readonly certificateFile: string | undefined;
  /** Milliseconds since the Unix epoch. */
  readonly endsAtMs: number;
  readonly #keyPem: string;
  readonly #certificate: X509Certificate;
  readonly #environment: TlsEnvironment;

  private constructor(pair: CertificateAndKey, options: AuthorityOptions) {
    this.certificatePem = pair.certificatePem;
    this.certificateFile = options.folder === undefined ? undefined : filesIn(options.folder).certificateFile;
    this.#certificate = new X509Certificate(pair.certificatePem);
    this.endsAtMs = this.#certificate.validToDate.getTime();
    this.#keyPem = pair.keyPem;
    this.#environment = options;
  }

  /**
   * Opens the authority kept in the folder, or makes one. Throws {@link TlsFileError} when the kept one cannot be read, is
   * damaged, or is at its end: it is never replaced silently, because users trust it.
   */
  static async open(options: AuthorityOptions): Promise<LocalAuthority> {
    if (options.folder === undefined) return new LocalAuthority(await create(options), options);
    await ensurePrivateFolder(options.folder, options.log);
    const kept = await load(options.folder, options);
    return new LocalAuthority(kept ?? (await createIn(options.folder, options)), options);
  }

  /** Makes a key and certificate for exactly `names`, valid for 397 days but not beyond the authority itself. */
  async issue(names: readonly string[]): Promise<CertificateAndKey> {
    const { issueLeaf } = await import('./issue-certificate.ts');
    const notBeforeMs = Math.max(this.#environment.nowMs() - BACKDATED_MS, this.#certificate.validFromDate.getTime());
    return issueLeaf({
      names,
      authority: { certificatePem: this.certificatePem, keyPem: this.#keyPem },
      validity: { notBeforeMs, notAfterMs: this.leafEndMs() },
      random: this.#environment.random,
    });
  }

  /** When a leaf issued now would end, in milliseconds since the Unix epoch. */
  leafEndMs(): number {
    return Math.min(this.#environment.nowMs() - BACKDATED_MS + LEAF_LIFE_MS, this.endsAtMs);
  }

  hasIssued(certificate: X509Certificate): boolean {
    return certificate.checkIssued(this.#certificate) && certificate.verify(this.#certificate.publicKey);
  }
}

interface AuthorityFiles {
  readonly certificateFile: string;
  readonly keyFile: string;
}

function filesIn(folder: string): AuthorityFiles {
  return { certificateFile: path.join(folder, 'ca.pem'), keyFile: path.join(folder, 'ca-key.pem') };
}

async function create({ random, nowMs }: TlsEnvironment): Promise<CertificateAndKey> {
  const { issueAuthority } = await import('./issue-certificate.ts');
  const startMs = nowMs() - BACKDATED_MS;
  return issueAuthority({
    // The suffix tells two installations apart in a browser's list, and keeps OpenSSL from mixing them up by name.
    commonName: `Switchboard local CA ${random.bytes(3).toString('hex')}`,
    validity: { notBeforeMs: startMs, notAfterMs: startMs + AUTHORITY_LIFE_MS },
    random,
  });
}

async function createIn(folder: string, environment: TlsEnvironment): Promise<CertificateAndKey> {
  const { certificateFile, keyFile } = filesIn(folder);
  const pair = await create(environment);
  // The certificate comes last: without it the authority counts as never made, so an interrupted start heals itself.
  await write(keyFile, pair.keyPem, 0o600);
  await write(certificateFile, pair.certificatePem, 0o644);
  environment.log.info({ file: certificateFile }, 'made a local certificate authority');
  return pair;
}

async function write(file: string, content: string, mode: number): Promise<void> {
  try {
    await writeAtomically({ file, content, mode });
  } catch (error) {
    throw new TlsFileError(file, `cannot be written (${messageOf(error)})`, error);
  }
}

async function load(folder: string, environment: TlsEnvironment): Promise<CertificateAndKey | undefined> {
  const { certificateFile, keyFile } = filesIn(folder);
  const certificatePem = await readIfPresent(certificateFile);
  if (certificatePem === undefined) return undefined;
  const keyPem = await readIfPresent(keyFile);
  if (keyPem === undefined)
    throw new TlsFileError(keyFile, `is missing, but its certificate ${certificateFile} is there; ${cure(certificateFile)}`);
  await ensurePrivateKeyFile(keyFile, environment.log);
  const certificate = parse(certificateFile, () => new X509Certificate(certificatePem));
  const key = parse(keyFile, () => createPrivateKey(keyPem));
  if (!certificate.ca) throw new TlsFileError(certificateFile, `is not the certificate of an authority; ${cure(certificateFile)}`);
  if (!certificate.checkPrivateKey(key))
    throw new TlsFileError(keyFile, `does not belong to the certificate ${certificateFile}; ${cure(certificateFile)}`);
  checkDates({ file: certificateFile, certificate, environment });
  return { certificatePem, keyPem };
}

function parse<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new TlsFileError(file, `is damaged (${messageOf(error)}); ${cure(file)}`, error);
  }
}

interface DatedAuthority {
  readonly file: string;
  readonly certificate: X509Certificate;
  readonly environment: TlsEnvironment;
}

function checkDates({ file, certificate, environment }: DatedAuthority): void {
  const nowMs = environment.nowMs();
  const endsAt = certificate.validToDate;
  const leftMs = endsAt.getTime() - nowMs;
  if (nowMs < certificate.validFromDate.getTime()) {
    throw new TlsFileError(file, `is valid only from ${certificate.validFromDate.toISOString()} on; check the clock of this machine`);
  }
  if (leftMs < AUTHORITY_LEAST_LEFT_MS) {
    throw new TlsFileError(
      file,
      `ends at ${endsAt.toISOString()}; delete it to have a new authority made at the next start, and trust that one`,
    );
  }
  if (leftMs < LEAF_LIFE_MS) environment.log.warn({ file, endsAt }, 'the local certificate authority ends within 13 months');
}

function cure(file: string): string {
  return `restore it from a backup, or delete ${path.join(path.dirname(file), 'ca.pem')} to have a new authority made at the next start, and trust that one`;
}
