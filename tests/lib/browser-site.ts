import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { build, type BuildOptions } from 'esbuild';

export interface SiteOptions {
  readonly title: string;
  /** Path of the program that runs in the page; bundled as an application would bundle it. */
  readonly program: string;
  /** Package → the package that takes its place. */
  readonly alias?: NonNullable<BuildOptions['alias']>;
  readonly body?: string;
}

/** A web site of one page with one program, of another origin than the server's. */
export class Site implements Disposable {
  readonly address: string;
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
    this.address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  }

  static async open(options: SiteOptions): Promise<Site> {
    const program = await bundle(options);
    const html = `<!doctype html><meta charset="utf-8"><title>${options.title}</title>${options.body ?? ''}<script src="/program.js"></script>`;
    const server = createServer((request, response) => {
      const isProgram = request.url === '/program.js';
      response.setHeader('content-type', isProgram ? 'text/javascript; charset=utf-8' : 'text/html; charset=utf-8');
      response.end(isProgram ? program : html);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new Site(server);
  }

  [Symbol.dispose](): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

async function bundle({ program, alias = {} }: SiteOptions): Promise<string> {
  const result = await build({
    entryPoints: [program],
    bundle: true,
    write: false,
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    define: { 'process.env.NODE_ENV': '"production"' },
    alias,
    logLevel: 'error',
  });
  return result.outputFiles[0]!.text;
}
