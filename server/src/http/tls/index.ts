export { TlsContexts } from './tls-contexts.ts';
