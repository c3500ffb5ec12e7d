import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { realNow } from '../../lib/clock.ts';
import { TlsFileError } from './files.ts';
import { environmentAt, handshake, POLL, startServer, temporaryFolder } from './testing.ts';
import { DAY_MS, LocalAuthority } from './local-authority.ts';
import { OwnCertificate, type OwnCertificateFiles } from './own-certificate.ts';

interface Operator {
  readonly files: OwnCertificateFiles;
  readonly caPem: string;
  /** Writes a new certificate for chat.example and *.wild.example. */
  readonly renew: () => Promise<void>;
}

/** Someone with a certificate from an authority of their own. */
async function operatorIn(folder: string): Promise<Operator> {
  await mkdir(folder);
  const authority = await LocalAuthority.open(environmentAt());
  const files = { certFile: path.join(folder, 'own.crt'), keyFile: path.join(folder, 'own.key') };
  const renew = async (): Promise<void> => {
    const pair = await authority.issue(['chat.example', '*.wild.example']);
    await writeFile(files.certFile, pair.certificatePem);
    await writeFile(files.keyFile, pair.keyPem);
  };
  await renew();
  return { files, caPem: authority.certificatePem, renew };
}

describe('an own certificate', () => {
  it('is shown for the names it covers and by default, while other names keep their leaves', async () => {
    await using temporary = await temporaryFolder();
    const { files, caPem } = await operatorIn(temporary.folder);
    await using server = await startServer({
      ownCertificate: files,
      isServedName: (name) => name === 'myres.localhost' || name === 'chat.example',
    });
    const problemOf = async (servername: string, ca: string): Promise<string | null> =>
      (await handshake({ port: server.port, servername, ca })).problem;
    expect(await problemOf('chat.example', caPem)).toBeNull();
    expect(await problemOf('a.wild.example', caPem)).toBeNull();
    expect(await problemOf('localhost', server.contexts.caPem)).toBeNull();
    expect(await problemOf('myres.localhost', server.contexts.caPem)).toBeNull();
    expect((await handshake({ port: server.port })).certificate.subjectAltName).toContain('chat.example');
  });

  it('is replaced in the running server when its files are, and kept when they become unusable', async () => {
    await using temporary = await temporaryFolder();
    const { files, renew } = await operatorIn(temporary.folder);
    await using server = await startServer({ ownCertificate: files });
    const shown = async (servername?: string): Promise<string> =>
      (await handshake({ port: server.port, ...(servername !== undefined && { servername }) })).certificate.fingerprint256;
    const before = await shown();
    await renew();
    server.timers.tick();
    await expect.poll(() => shown(), POLL).not.toBe(before);
    const renewed = await shown();
    expect(await shown('chat.example')).toBe(renewed);
    await writeFile(files.certFile, 'half written');
    server.timers.tick();
    await expect.poll(() => server.lines.join(''), POLL).toContain('stays in use');
    expect(await shown()).toBe(renewed);
  });

  it('stops the start with the name of the file that cannot be used', async () => {
    await using temporary = await temporaryFolder();
    await using other = await temporaryFolder();
    const { files } = await operatorIn(temporary.folder);
    const { files: otherFiles } = await operatorIn(other.folder);
    const refusal = (changed: Partial<OwnCertificateFiles>, nowMs?: () => number): Promise<unknown> =>
      OwnCertificate.open({ ...files, ...changed }, environmentAt(nowMs)).catch((error: unknown) => error);
    const fileOf = async (answer: Promise<unknown>): Promise<string> => {
      const error = await answer;
      return error instanceof TlsFileError ? error.message : `not refused: ${String(error)}`;
    };
    expect(await fileOf(refusal({ keyFile: otherFiles.keyFile }))).toContain(`${otherFiles.keyFile}: is not the key`);
    expect(await fileOf(refusal({ certFile: files.keyFile }))).toContain(`${files.keyFile}: cannot be used`);
    expect(await fileOf(refusal({ keyFile: files.certFile }))).toContain(`${files.certFile}: cannot be used`);
    expect(await fileOf(refusal({ certFile: temporary.folder }))).toContain(`${temporary.folder}: cannot be read`);
    expect(await fileOf(refusal({}, () => realNow() + 400 * DAY_MS))).toContain(`${files.certFile}: expired at`);
    expect(await fileOf(refusal({}, () => realNow() - 3 * DAY_MS))).toContain(`${files.certFile}: is valid only from`);
    await rm(files.keyFile);
    expect(await fileOf(refusal({}))).toContain(`${files.keyFile}: does not exist`);
  });
});
