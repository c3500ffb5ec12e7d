import { Command, CommanderError } from 'commander';
import { addClock } from './commands/clock.ts';
import { addCommunication } from './commands/communication/index.ts';
import { addEvents } from './commands/events.ts';
import { addFault } from './commands/fault.ts';
import { addFixtures } from './commands/fixtures.ts';
import { addInbox } from './commands/inbox.ts';
import { addListen } from './commands/listen.ts';
import { addRequest } from './commands/request.ts';
import { addReset } from './commands/reset.ts';
import { addSnapshot } from './commands/snapshot.ts';
import { addStart } from './commands/start.ts';
import { addStatus } from './commands/status.ts';
import { addStop } from './commands/stop.ts';
import { addTrigger } from './commands/trigger.ts';
import { addTrust } from './commands/trust.ts';
import { addWhy } from './commands/why.ts';
import { CommandError } from './command-error.ts';

/** Runs one command line. @returns the exit code */
export async function run(args: readonly string[]): Promise<number> {
  let code = 0;
  const exit = (value: number): void => {
    code = value;
  };
  const program = new Command('switchboard')
    .description('An open, self-hosted communications platform that speaks the Azure Communication Services protocols')
    // Commands added from here on inherit both.
    .showHelpAfterError('(--help tells what there is)')
    .exitOverride();
  for (const add of [
    addStart,
    addStatus,
    addStop,
    addRequest,
    addWhy,
    addReset,
    addSnapshot,
    addFixtures,
    addClock,
    addFault,
    addInbox,
    addCommunication,
    addEvents,
    addListen,
    addTrigger,
    addTrust,
  ])
    add(program, exit);
  try {
    await program.parseAsync([...args], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (error instanceof CommandError) {
      process.stderr.write(`switchboard: ${error.message}\n`);
      return error.exitCode;
    }
    throw error;
  }
  return code;
}
