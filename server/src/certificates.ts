import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ConfigError } from './config/index.ts';
import { messageOf } from './lib/errors.ts';

/** The certificates of a PEM file that a setting names. @throws ConfigError when there is none */
export function readCertificates(file: string): string {
  try {
    const pem = readFileSync(file, 'utf8');
    new X509Certificate(pem);
    return pem;
  } catch (error) {
    throw new ConfigError(`--trusted-ca-files: ${file} holds no certificate that can be read (${messageOf(error)})`);
  }
}
