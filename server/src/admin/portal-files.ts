import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { ApiError } from '../lib/errors.ts';
import type { FileAnswer, HttpServer } from '../http/index.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.woff2': 'font/woff2',
};

/** Nothing from elsewhere, nothing inline but styles: the page and its requests stay on this machine. */
const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'self'; connect-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
};

interface PortalFile {
  readonly body: Buffer;
  readonly type: string;
}

/** Serves the built portal from memory: only files that were there at the start have an address. */
export function registerPortal(http: HttpServer, folder: string): void {
  const files = readFiles(folder);
  http.serve('/portal/*', ({ rest }) => {
    const page = files.get('index.html');
    const file = files.get(rest) ?? (extname(rest) === '' ? page : undefined);
    if (page === undefined) throw notBuilt();
    if (file === undefined) throw new ApiError('NotFound', 'The portal has no such file.');
    const caching = rest.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
    return { status: 200, headers: { ...SECURITY_HEADERS, 'content-type': file.type, 'cache-control': caching }, body: file.body };
  });
  http.serve('/portal', () => redirect(308));
  // The chat SDK probes the root of the live service for this word; people who open it want the portal.
  http.serve('/', ({ accept }) =>
    accept.includes('text/html')
      ? redirect(302)
      : { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: 'Trouter' },
  );
}

function redirect(status: number): FileAnswer {
  return { status, headers: { location: '/portal/' }, body: '' };
}

function readFiles(folder: string): ReadonlyMap<string, PortalFile> {
  const files = new Map<string, PortalFile>();
  try {
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      const type = TYPES[extname(entry.name)];
      if (type !== undefined) files.set(relative(folder, path).split(sep).join('/'), { body: readFileSync(path), type });
    }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
  return files;
}

function notBuilt(): ApiError {
  return new ApiError('ServiceUnavailable', 'The portal is not built; run "npm run build --workspace portal" and restart.');
}
