import { XMLHttpRequest } from './xml-http-request.mjs';

/** What the signalling package reads of a page: its address and its way to make requests. Nothing that exists is replaced. */
export function installBrowserGlobals() {
  const globals = {
    self: globalThis,
    XMLHttpRequest,
    location: { protocol: 'https:', hostname: 'localhost', host: 'localhost', port: '', href: 'https://localhost/' },
  };
  for (const [name, value] of Object.entries(globals)) {
    if (name in globalThis) continue;
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  }
}
