import type { Body } from './body.ts';
import type { Reader } from './reader.ts';
import type { Writer } from './writer.ts';

/**
 * How the mandatory parameters of one command lie in its PDU. Methods, not functions in properties: that lets a table of
 * all commands hold shapes of narrower bodies, each found by the command of the body it is given.
 */
export interface Shape<B extends Body = Body> {
  /** `command_id`, SMPP 3.4 section 5.1.2.1. */
  readonly id: number;
  read(reader: Reader): B;
  write(writer: Writer, body: B): void;
}
