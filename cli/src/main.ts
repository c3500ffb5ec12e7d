import { run } from './program.ts';

process.exitCode = await run(process.argv.slice(2));
// The server's connections are closed by now; a stray handle must not keep a finished command alive.
process.exit();
