import { XMLHttpRequest } from './xml-http-request.mjs';

/**
 * What the signalling package reads of a page: its address, which it compares with that of the server, and its way to make
 * requests. What exists already is never replaced.
 */
export function installBrowserGlobals() {
  const globals = {
    XMLHttpRequest,
    location: Object.freeze({ protocol: 'https:', hostname: 'localhost', host: 'localhost', port: '', href: 'https://localhost/' }),
  };
  for (const [name, value] of Object.entries(globals)) {
    if (name in globalThis) continue;
    Object.defineProperty(globalThis, name, { value, configurable: true, enumerable: false, writable: true });
  }
}
