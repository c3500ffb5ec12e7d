export { TlsFileError } from './files.ts';
export type { OwnCertificateFiles } from './own-certificate.ts';
export { TlsContexts, type TlsContextsOptions } from './tls-contexts.ts';
