// tsyringe, on which x509 stands, refuses to load before this import has run.
import 'reflect-metadata';
import * as x509 from '@peculiar/x509';
import { createPrivateKey, KeyObject, webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import type { Random } from '../../lib/random.ts';
import type { CertificateAndKey } from './certificate-and-key.ts';

/**
 * Making of certificates. This module costs a tenth of a second to load, so it is imported only when something has to be
 * made: a start with everything in place never loads it.
 */

export interface Validity {
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
}

export interface AuthorityToIssue {
  readonly commonName: string;
  readonly validity: Validity;
  readonly random: Random;
}

export interface LeafToIssue {
  /** Host names and IP addresses, matched exactly. */
  readonly names: readonly string[];
  readonly authority: CertificateAndKey;
  readonly validity: Validity;
  readonly random: Random;
}

const KEY_ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256' };
const SIGNING_ALGORITHM = { name: 'ECDSA', hash: 'SHA-256' };

/** A self-signed authority that may sign leaves but no further authorities. */
export async function issueAuthority({ commonName, validity, random }: AuthorityToIssue): Promise<CertificateAndKey> {
  const keys = await generateKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: [{ CN: [commonName] }],
    keys,
    serialNumber: serialNumber(random),
    ...dates(validity),
    signingAlgorithm: SIGNING_ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certificatePem: pem(certificate), keyPem: privateKeyPem(keys) };
}

/** A server certificate for exactly `names`. */
export async function issueLeaf({ names, authority, validity, random }: LeafToIssue): Promise<CertificateAndKey> {
  const keys = await generateKeys();
  const issuer = new x509.X509Certificate(authority.certificatePem);
  const certificate = await x509.X509CertificateGenerator.create({
    // Only the alternative names identify a server (RFC 9525 section 2), and a common name holds no more than 64 characters.
    subject: [{ CN: ['Switchboard server'] }],
    issuer: issuer.subjectName,
    publicKey: keys.publicKey,
    signingKey: createPrivateKey(authority.keyPem).toCryptoKey(KEY_ALGORITHM, false, ['sign']),
    serialNumber: serialNumber(random),
    ...dates(validity),
    signingAlgorithm: SIGNING_ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(names.map((name) => ({ type: isIP(name) === 0 ? 'dns' : 'ip', value: name }))),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey),
    ],
  });
  return { certificatePem: pem(certificate), keyPem: privateKeyPem(keys) };
}

/** Not from `Random`: a seeded source must never make keys that can be guessed. */
function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(KEY_ALGORITHM, true, ['sign', 'verify']);
}

function privateKeyPem(keys: webcrypto.CryptoKeyPair): string {
  return KeyObject.from(keys.privateKey).export({ type: 'pkcs8', format: 'pem' }).toString();
}

function pem(certificate: x509.X509Certificate): string {
  return `${certificate.toString('pem')}\n`;
}

/** 16 random bytes in hex, made positive and free of a leading zero byte (RFC 5280 section 4.1.2.2). */
function serialNumber(random: Random): string {
  const bytes = random.bytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes.toString('hex');
}

/** Dates in certificates have no fractions of a second (RFC 5280 section 4.1.2.5). */
function dates({ notBeforeMs, notAfterMs }: Validity): { notBefore: Date; notAfter: Date } {
  return { notBefore: new Date(Math.ceil(notBeforeMs / 1000) * 1000), notAfter: new Date(Math.floor(notAfterMs / 1000) * 1000) };
}
