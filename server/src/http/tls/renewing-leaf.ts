import { createPrivateKey, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import type { SecureContext } from 'node:tls';
import { messageOf } from '../../lib/errors.ts';
import { secureContextOf, type CertificateAndKey } from './certificate-and-key.ts';
import { isPrivate, readIfPresent, writeAtomically } from './files.ts';
import { DAY_MS, type LocalAuthority, type TlsEnvironment } from './local-authority.ts';

/** A certificate with its key, ready for handshakes. */
export interface Leaf extends CertificateAndKey {
  readonly context: SecureContext;
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
}

export interface RenewingLeafOptions extends TlsEnvironment {
  /** Host names and IP addresses of the certificate, exactly. */
  readonly names: readonly string[];
  readonly authority: LocalAuthority;
  /** Where key and certificate are kept, in one file so that they always match; without it in memory only. */
  readonly file?: string;
}

/** One leaf of the local authority, loaded or made at first use and replaced before it ends. */
export class RenewingLeaf {
  readonly #options: RenewingLeafOptions;
  #current: Promise<Leaf> | undefined;

  constructor(options: RenewingLeafOptions) {
    this.#options = options;
  }

  /** The leaf for a handshake now. Calls at the same time share one loading, making or renewal. */
  async current(): Promise<Leaf> {
    const started = (this.#current ??= this.#keep(this.#loadOrIssue()));
    const leaf = await started;
    if (!this.#isDue(leaf)) return leaf;
    if (this.#current === started) this.#current = this.#keep(this.#renew(leaf));
    return this.#current;
  }

  /** A failure is not remembered: the next caller tries again. */
  #keep(leaf: Promise<Leaf>): Promise<Leaf> {
    leaf.catch(() => {
      if (this.#current === leaf) this.#current = undefined;
    });
    return leaf;
  }

  /** True when less than 30 days or a third of its life is left, and a new leaf would last longer. */
  #isDue(leaf: Leaf): boolean {
    const leftMs = leaf.notAfterMs - this.#options.nowMs();
    const enoughMs = Math.max(30 * DAY_MS, (leaf.notAfterMs - leaf.notBeforeMs) / 3);
    return leftMs < enoughMs && this.#options.authority.leafEndMs() > leaf.notAfterMs + DAY_MS;
  }

  async #renew(old: Leaf): Promise<Leaf> {
    try {
      return await this.#issue();
    } catch (error) {
      this.#options.log.error({ err: error, names: this.#options.names }, 'certificate could not be renewed; the old one stays in use');
      return old;
    }
  }

  async #loadOrIssue(): Promise<Leaf> {
    return (await this.#load()) ?? (await this.#issue());
  }

  async #issue(): Promise<Leaf> {
    const { authority, file, log, names } = this.#options;
    const pair = await authority.issue(names);
    const leaf = leafOf(pair);
    log.info({ names, endsAt: new Date(leaf.notAfterMs) }, 'made a certificate');
    if (file !== undefined) await this.#save(file, pair);
    return leaf;
  }

  /** A leaf that cannot be kept still serves: it costs a new one at the next start. */
  async #save(file: string, pair: CertificateAndKey): Promise<void> {
    try {
      await writeAtomically({ file, content: pair.keyPem + pair.certificatePem, mode: 0o600 });
    } catch (error) {
      this.#options.log.warn({ file, err: error }, 'certificate could not be written and is kept in memory only');
    }
  }

  /** The kept leaf, or undefined when it is missing or not fit for use; unlike the authority it is replaced without asking. */
  async #load(): Promise<Leaf | undefined> {
    const { file, log } = this.#options;
    if (file === undefined) return undefined;
    try {
      const pem = await readIfPresent(file);
      if (pem === undefined) return undefined;
      if (!(await isPrivate(file))) throw new Error('it was open to other users of this machine');
      return this.#checked(pem);
    } catch (error) {
      log.warn({ file, reason: messageOf(error) }, 'certificate cannot be used and is replaced');
      return undefined;
    }
  }

  #checked(pem: string): Leaf {
    const { authority, names, nowMs } = this.#options;
    const certificate = new X509Certificate(pem);
    if (!authority.hasIssued(certificate)) throw new Error('it was issued by another authority');
    const key = createPrivateKey(pem);
    if (!certificate.checkPrivateKey(key)) throw new Error('its key does not match');
    if (!isForExactly(certificate, names)) throw new Error('it is for other names');
    const leaf = leafOf({ certificatePem: certificate.toString(), keyPem: key.export({ type: 'pkcs8', format: 'pem' }).toString() });
    if (nowMs() < leaf.notBeforeMs || nowMs() >= leaf.notAfterMs) throw new Error('it is not valid at this time');
    return leaf;
  }
}

function leafOf(pair: CertificateAndKey): Leaf {
  const { validFromDate, validToDate } = new X509Certificate(pair.certificatePem);
  return { ...pair, context: secureContextOf(pair), notBeforeMs: validFromDate.getTime(), notAfterMs: validToDate.getTime() };
}

function isForExactly(certificate: X509Certificate, names: readonly string[]): boolean {
  const count = certificate.subjectAltName?.split(', ').length ?? 0;
  return (
    count === names.length &&
    names.every((name) => (isIP(name) === 0 ? certificate.checkHost(name) : certificate.checkIP(name)) !== undefined)
  );
}
