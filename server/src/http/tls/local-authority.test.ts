import { X509Certificate } from 'node:crypto';
import { chmod, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { TlsFileError } from './files.ts';
import { environmentAt, temporaryFolder } from './testing.ts';
import { DAY_MS, LocalAuthority } from './local-authority.ts';

const NOW_MS = Date.UTC(2026, 0, 15, 12);

async function modeOf(file: string): Promise<string> {
  return ((await stat(file)).mode & 0o777).toString(8);
}

function openIn(folder: string, nowMs = NOW_MS): Promise<LocalAuthority> {
  return LocalAuthority.open({ ...environmentAt(() => nowMs), folder });
}

describe('a new authority', () => {
  it('is kept with its key closed to others', async () => {
    await using temporary = await temporaryFolder();
    const authority = await openIn(temporary.folder);
    expect(authority.certificateFile).toBe(path.join(temporary.folder, 'ca.pem'));
    expect(await readFile(path.join(temporary.folder, 'ca.pem'), 'utf8')).toBe(authority.certificatePem);
    expect(await modeOf(temporary.folder)).toBe('700');
    expect(await modeOf(path.join(temporary.folder, 'ca.pem'))).toBe('644');
    expect(await modeOf(path.join(temporary.folder, 'ca-key.pem'))).toBe('600');
  });

  it('signs itself for ten years from yesterday, under a name of its own', async () => {
    const [first, second] = await Promise.all([
      LocalAuthority.open(environmentAt(() => NOW_MS)),
      LocalAuthority.open(environmentAt(() => NOW_MS)),
    ]);
    const certificate = new X509Certificate(first.certificatePem);
    expect(certificate.ca).toBe(true);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.subject).toMatch(/^CN=Switchboard local CA [0-9a-f]{6}$/);
    expect(certificate.subject).not.toBe(new X509Certificate(second.certificatePem).subject);
    expect(certificate.validFromDate.getTime()).toBe(NOW_MS - DAY_MS);
    expect(certificate.validToDate.getTime()).toBe(NOW_MS + 3_649 * DAY_MS);
  });

  it('exists in memory only when there is no folder', async () => {
    expect((await LocalAuthority.open(environmentAt())).certificateFile).toBeUndefined();
  });
});

describe('an issued leaf', () => {
  it('ends within the 398 days that browsers accept, and has a positive serial number of 16 bytes', async () => {
    const authority = await LocalAuthority.open(environmentAt(() => NOW_MS));
    const leaf = new X509Certificate((await authority.issue(['chat.example'])).certificatePem);
    expect(authority.hasIssued(leaf)).toBe(true);
    expect(leaf.ca).toBe(false);
    expect(leaf.subjectAltName).toBe('DNS:chat.example');
    expect(leaf.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
    expect(leaf.validToDate.getTime() - leaf.validFromDate.getTime()).toBe(397 * DAY_MS);
    expect(leaf.serialNumber).toMatch(/^[4-7][0-9A-F]{31}$/);
  });

  it('does not outlive the authority', async () => {
    let nowMs = NOW_MS;
    const authority = await LocalAuthority.open(environmentAt(() => nowMs));
    nowMs = authority.endsAtMs - 40 * DAY_MS;
    const leaf = new X509Certificate((await authority.issue(['chat.example'])).certificatePem);
    expect(leaf.validToDate.getTime()).toBe(authority.endsAtMs);
  });
});

describe('a kept authority', () => {
  it('is opened again', async () => {
    await using temporary = await temporaryFolder();
    const first = await openIn(temporary.folder);
    expect((await openIn(temporary.folder)).certificatePem).toBe(first.certificatePem);
  });

  it('is made anew when the first start was interrupted before its certificate was written', async () => {
    await using temporary = await temporaryFolder();
    await openIn(temporary.folder);
    await rm(path.join(temporary.folder, 'ca.pem'));
    await writeFile(path.join(temporary.folder, 'ca.pem.tmp'), '-----BEGIN');
    const second = await openIn(temporary.folder);
    expect((await openIn(temporary.folder)).certificatePem).toBe(second.certificatePem);
  });

  it.each(['ca.pem', 'ca-key.pem'])('is made by the next start when the first could not write %s', async (name) => {
    await using temporary = await temporaryFolder();
    const file = path.join(temporary.folder, name);
    await mkdir(`${file}.tmp`, { recursive: true });
    await expect(openIn(temporary.folder)).rejects.toThrow(`${file}: cannot be written`);
    await rm(`${file}.tmp`, { recursive: true });
    const second = await openIn(temporary.folder);
    expect((await openIn(temporary.folder)).certificatePem).toBe(second.certificatePem);
  });

  it('has a key or folder that others could read closed, and says so', async () => {
    await using temporary = await temporaryFolder();
    const keyFile = path.join(temporary.folder, 'ca-key.pem');
    await openIn(temporary.folder);
    await chmod(keyFile, 0o644);
    await chmod(temporary.folder, 0o755);
    const environment = environmentAt(() => NOW_MS);
    await LocalAuthority.open({ ...environment, folder: temporary.folder });
    expect([await modeOf(keyFile), await modeOf(temporary.folder)]).toEqual(['600', '700']);
    expect(environment.lines.filter((line) => line.includes('open to other users'))).toHaveLength(2);
  });

  it.each(['ca.pem', 'ca-key.pem'])('is refused by name when %s is damaged, and stays as it is', async (name) => {
    await using temporary = await temporaryFolder();
    const file = path.join(temporary.folder, name);
    await openIn(temporary.folder);
    await writeFile(file, 'damaged');
    const refusal = await openIn(temporary.folder).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(TlsFileError);
    expect(refusal).toMatchObject({ file, message: expect.stringContaining(`${file}: is damaged`) as unknown });
    expect(await readFile(file, 'utf8')).toBe('damaged');
  });

  it('is refused when its key is missing or belongs to another, or its folder cannot be made', async () => {
    await using temporary = await temporaryFolder();
    await using other = await temporaryFolder();
    const keyFile = path.join(temporary.folder, 'ca-key.pem');
    await openIn(temporary.folder);
    await openIn(other.folder);
    await writeFile(keyFile, await readFile(path.join(other.folder, 'ca-key.pem')));
    await expect(openIn(temporary.folder)).rejects.toThrow(`${keyFile}: does not belong to the certificate`);
    await rm(keyFile);
    await expect(openIn(temporary.folder)).rejects.toThrow(`${keyFile}: is missing`);
    await rm(path.join(temporary.folder, 'ca.pem'));
    await writeFile(keyFile, 'x');
    await expect(openIn(path.join(keyFile, 'below'))).rejects.toThrow(`${path.join(keyFile, 'below')}: cannot be made`);
  });

  it('is refused when its certificate is not one of an authority', async () => {
    await using temporary = await temporaryFolder();
    const leaf = await (await openIn(temporary.folder)).issue(['chat.example']);
    await writeFile(path.join(temporary.folder, 'ca.pem'), leaf.certificatePem);
    await writeFile(path.join(temporary.folder, 'ca-key.pem'), leaf.keyPem);
    await expect(openIn(temporary.folder)).rejects.toThrow('is not the certificate of an authority');
  });

  it('is refused at its end and before its beginning, and announced a year ahead', async () => {
    await using temporary = await temporaryFolder();
    const { endsAtMs } = await openIn(temporary.folder);
    await expect(openIn(temporary.folder, endsAtMs - 29 * DAY_MS)).rejects.toThrow(/ca\.pem: ends at 2036-/);
    await expect(openIn(temporary.folder, NOW_MS - 2 * DAY_MS)).rejects.toThrow(/ca\.pem: is valid only from/);
    const environment = environmentAt(() => endsAtMs - 300 * DAY_MS);
    await LocalAuthority.open({ ...environment, folder: temporary.folder });
    expect(environment.lines.join('')).toContain('ends within 13 months');
  });
});
