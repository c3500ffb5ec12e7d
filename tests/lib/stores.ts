import { type StartOptions, startServer, type TestServer } from './server.ts';
import { TestPostgres } from './postgres.ts';

/** A way to keep things, and servers that do. */
export interface TestStore extends AsyncDisposable {
  start(options?: StartOptions): Promise<TestServer>;
}

/** Every way the product stores; PostgreSQL is started when it is wanted, and ends with its scope. */
export const STORES: readonly { readonly name: string; readonly open: () => Promise<TestStore> }[] = [
  { name: 'SQLite in a folder', open: () => Promise.resolve(withArgs([])) },
  { name: 'SQLite in memory', open: () => Promise.resolve(withArgs(['--memory'])) },
  {
    name: 'PostgreSQL',
    open: async () => {
      const postgres = await TestPostgres.start();
      return withArgs(['--database', postgres.url()], () => postgres.stop());
    },
  },
];

function withArgs(args: readonly string[], close = () => Promise.resolve()): TestStore {
  return {
    start: (options = {}) => startServer({ ...options, args: [...args, ...(options.args ?? [])] }),
    [Symbol.asyncDispose]: close,
  };
}
