import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { SecureContext } from 'node:tls';
import { messageOf } from '../../lib/errors.ts';
import { secureContextOf, type CertificateAndKey } from './certificate-and-key.ts';
import { readIfPresent, TlsFileError } from './files.ts';
import type { TlsEnvironment } from './local-authority.ts';

export interface OwnCertificateFiles {
  /** PEM certificate, followed by its intermediates. */
  readonly certFile: string;
  /** PEM private key without a passphrase. */
  readonly keyFile: string;
}

interface Loaded extends CertificateAndKey {
  readonly certificate: X509Certificate;
  readonly context: SecureContext;
}

/** The operator's own certificate. Whoever renews its files need not restart the server. */
export class OwnCertificate {
  readonly #files: OwnCertificateFiles;
  readonly #environment: TlsEnvironment;
  #loaded: Loaded;

  private constructor(files: OwnCertificateFiles, environment: TlsEnvironment, loaded: Loaded) {
    this.#files = files;
    this.#environment = environment;
    this.#loaded = loaded;
  }

  /** Throws {@link TlsFileError} when a file is missing, damaged, of another pair, or the certificate is not valid now. */
  static async open(files: OwnCertificateFiles, environment: TlsEnvironment): Promise<OwnCertificate> {
    return new OwnCertificate(files, environment, await load(files, environment.nowMs()));
  }

  get pair(): CertificateAndKey {
    return this.#loaded;
  }

  get context(): SecureContext {
    return this.#loaded.context;
  }

  /** Whether the certificate is for the host `name`, by a wildcard too. */
  covers(name: string): boolean {
    return this.#loaded.certificate.checkHost(name, { subject: 'never' }) !== undefined;
  }

  /** Reads the files again. Files that cannot be used are logged, and the certificate in use stays. */
  async reload(): Promise<void> {
    try {
      const loaded = await load(this.#files, this.#environment.nowMs());
      if (loaded.certificatePem === this.#loaded.certificatePem && loaded.keyPem === this.#loaded.keyPem) return;
      this.#loaded = loaded;
      this.#environment.log.info({ file: this.#files.certFile, endsAt: loaded.certificate.validToDate }, 'own certificate was replaced');
    } catch (error) {
      this.#environment.log.error({ reason: messageOf(error) }, 'own certificate cannot be used; the one read before stays in use');
    }
  }
}

async function load({ certFile, keyFile }: OwnCertificateFiles, nowMs: number): Promise<Loaded> {
  const pair = { certificatePem: await read(certFile), keyPem: await read(keyFile) };
  const certificate = parse(certFile, () => new X509Certificate(pair.certificatePem));
  const key = parse(keyFile, () => createPrivateKey(pair.keyPem));
  if (!certificate.checkPrivateKey(key)) throw new TlsFileError(keyFile, `is not the key of the certificate ${certFile}`);
  if (nowMs > certificate.validToDate.getTime())
    throw new TlsFileError(certFile, `expired at ${certificate.validToDate.toISOString()}; renew it`);
  if (nowMs < certificate.validFromDate.getTime()) {
    throw new TlsFileError(certFile, `is valid only from ${certificate.validFromDate.toISOString()} on; check the clock of this machine`);
  }
  return { ...pair, certificate, context: parse(certFile, () => secureContextOf(pair)) };
}

async function read(file: string): Promise<string> {
  const text = await readIfPresent(file);
  if (text === undefined) throw new TlsFileError(file, 'does not exist');
  return text;
}

function parse<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new TlsFileError(file, `cannot be used; it must be PEM without a passphrase (${messageOf(error)})`, error);
  }
}
