// tsyringe, on which x509 stands, refuses to load before this import has run.
import 'reflect-metadata';
import { createPrivateKey, KeyObject, randomBytes, webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import * as x509 from '@peculiar/x509';

/** Both PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

export interface CertificateWish {
  /** Host names and addresses; localhost by default. */
  readonly names?: readonly string[];
  /** From now; a day in both directions by default. */
  readonly fromMs?: number;
  readonly untilMs?: number;
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const DAY_MS = 86_400_000;

/** Issues certificates for servers of tests, good ones and others. */
export class TestAuthority {
  readonly certificate: Certificate;

  /** @param certificate of an authority that there is already */
  constructor(certificate: Certificate) {
    this.certificate = certificate;
  }

  static async create(): Promise<TestAuthority> {
    const keys = await newKeys();
    const authority = await x509.X509CertificateGenerator.createSelfSigned({
      ...common({}),
      // Of the same name, one would be taken for the other.
      name: `CN=Authority ${randomBytes(6).toString('hex')}`,
      keys,
      extensions: [
        new x509.BasicConstraintsExtension(true, 0, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      ],
    });
    return new TestAuthority(pem(authority, keys));
  }

  async issue(wish: CertificateWish = {}): Promise<Certificate> {
    const keys = await newKeys();
    const issuer = new x509.X509Certificate(this.certificate.cert);
    const certificate = await x509.X509CertificateGenerator.create({
      ...common(wish),
      subject: 'CN=Server of a test',
      issuer: issuer.subjectName,
      publicKey: keys.publicKey,
      signingKey: createPrivateKey(this.certificate.key).toCryptoKey(ALGORITHM, false, ['sign']),
      extensions: [names(wish)],
    });
    return pem(certificate, keys);
  }
}

/** A certificate that nobody vouches for. */
export async function selfSigned(wish: CertificateWish = {}): Promise<Certificate> {
  const keys = await newKeys();
  const name = 'CN=Server of a test';
  return pem(await x509.X509CertificateGenerator.createSelfSigned({ ...common(wish), name, keys, extensions: [names(wish)] }), keys);
}

function common({ fromMs = -DAY_MS, untilMs = DAY_MS }: CertificateWish) {
  const nowMs = Date.now();
  return {
    serialNumber: `40${randomBytes(15).toString('hex')}`,
    notBefore: new Date(nowMs + fromMs),
    notAfter: new Date(nowMs + untilMs),
    signingAlgorithm: ALGORITHM,
  };
}

function names({ names: wanted = ['localhost'] }: CertificateWish): x509.SubjectAlternativeNameExtension {
  return new x509.SubjectAlternativeNameExtension(wanted.map((value) => ({ type: isIP(value) === 0 ? 'dns' : 'ip', value })));
}

function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
}

function pem(certificate: x509.X509Certificate, { privateKey }: webcrypto.CryptoKeyPair): Certificate {
  return { cert: certificate.toString('pem'), key: KeyObject.from(privateKey).export({ type: 'pkcs8', format: 'pem' }).toString() };
}
