import { writeSync } from 'node:fs';
import { startApp } from './app.ts';
import { checkSettings, ConfigError, type SettingTexts } from './config/index.ts';
import { createLog } from './lib/log.ts';
import { messageOf } from './lib/errors.ts';
import { realTimers } from './lib/timers.ts';

export interface RunOptions {
  readonly settings: SettingTexts;
  /** One line of JSON on standard output instead of the banner. */
  readonly json: boolean;
}

/** Longest stop after a signal and the time to drain; what is still open then is cut. */
const STOP_MS = 4_500;

/** Runs a server until SIGINT or SIGTERM. @returns the exit code: 0 after a clean stop, 2 for settings that cannot be, 1 otherwise */
export async function runServer(options: RunOptions): Promise<number> {
  try {
    const config = checkSettings(options.settings);
    // Everything this process writes is its user's alone: keys, the database, the log of requests.
    process.umask(0o077);
    const log = createLog(config.logLevel);
    const stopped = nextSignal();
    const app = await startApp(config, log);
    writeSync(1, options.json ? `${JSON.stringify(app.ready)}\n` : app.banner);
    log.info({ signal: await stopped }, 'stopping');
    realTimers.after(config.drainMs + STOP_MS, () => process.exit(1));
    await app.close();
    return 0;
  } catch (error) {
    const expected = error instanceof ConfigError || (error instanceof Error && error.name === 'TlsFileError');
    writeSync(2, `switchboard: ${messageOf(error)}\n${expected || !(error instanceof Error) ? '' : `${error.stack ?? ''}\n`}`);
    return error instanceof ConfigError ? 2 : 1;
  }
}

/** Ctrl+C in a terminal reaches npm and this process, and npm passes it on: what follows at once is the same wish. */
const SAME_WISH_MS = 1_000;

/** The first SIGINT or SIGTERM; a later one ends the process at once. */
function nextSignal(): Promise<string> {
  return new Promise((resolve) => {
    let firstMs: number | undefined;
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.on(signal, () => {
        const nowMs = realTimers.monotonicMs();
        if (firstMs !== undefined && nowMs - firstMs > SAME_WISH_MS) process.exit(1);
        firstMs ??= nowMs;
        resolve(signal);
      });
    }
  });
}
