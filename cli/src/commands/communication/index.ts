import type { Command } from 'commander';
import { addPhoneNumber } from './phonenumber.ts';

/** The words of `az communication`. */
export function addCommunication(program: Command): void {
  const communication = program.command('communication').description('what "az communication" does, in its words');
  addPhoneNumber(communication);
}
