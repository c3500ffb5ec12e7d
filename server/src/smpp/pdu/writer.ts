import type { Address } from './body.ts';
import type { Failure } from './failure.ts';
import type { TextField } from './field.ts';
import { STATUS } from './status.ts';
import type { Tlv } from './tlv.ts';

const EMPTY = Buffer.alloc(0);
const SLAB_BYTES = 8_192;
/** When less of a slab is left, the next PDU begins a new one. */
const LEAST_BYTES = 512;

/**
 * Gathers PDUs in one piece of memory until they are taken, so that many of them leave in one write. Whatever cannot be
 * written is a {@link failure}, and {@link rewind} makes as if that PDU had not been begun.
 */
export class Writer {
  #slab = EMPTY;
  /** What lies before this was taken, and belongs to whom it was given. */
  #taken = 0;
  #at = 0;
  #failure: Failure | undefined;

  /** Bytes that were written and not taken. */
  get length(): number {
    return this.#at - this.#taken;
  }

  get failure(): Failure | undefined {
    return this.#failure;
  }

  /** Hands out what was written; it is not touched again. */
  take(): Buffer {
    const bytes = this.#slab.subarray(this.#taken, this.#at);
    this.#taken = this.#at;
    if (this.#slab.length - this.#at < LEAST_BYTES) {
      this.#slab = EMPTY;
      this.#taken = 0;
      this.#at = 0;
    }
    return bytes;
  }

  fail(status: number, reason: string): void {
    this.#failure ??= { status, reason };
  }

  /** Drops what was written after `length` was this, and the failure. */
  rewind(length: number): void {
    this.#at = this.#taken + length;
    this.#failure = undefined;
  }

  /** Drops everything from where {@link length} was `start`, if all of it is zeros. */
  dropZeros(start: number): void {
    const from = this.#taken + start;
    for (let i = from; i < this.#at; i++) if (this.#slab[i] !== 0) return;
    this.#at = from;
  }

  byte(value: number, name: string): void {
    if ((value & 0xff) !== value) this.fail(STATUS.ESME_RINVPARLEN, `${name} does not fit into an octet`);
    this.#reserve(1);
    this.#slab[this.#at++] = value;
  }

  uint16(value: number): void {
    this.#reserve(2);
    this.#at = this.#slab.writeUInt16BE(value, this.#at);
  }

  uint32(value: number): void {
    this.#reserve(4);
    this.#at = this.#slab.writeUInt32BE(value >>> 0, this.#at);
  }

  /** Overwrites what was written when {@link length} was `at`. */
  uint32At(value: number, at: number): void {
    this.#slab.writeUInt32BE(value, this.#taken + at);
  }

  /** A C-octet string, with its NUL. */
  text(value: string, field: TextField): void {
    if (value.length >= field.maxBytes) return this.fail(field.status, `${field.name} is longer than ${field.maxBytes - 1} octets`);
    this.#reserve(value.length + 1);
    for (let i = 0; i < value.length; i++) {
      const code = value.charCodeAt(i);
      if (code === 0 || code > 0xff) this.fail(field.status, `${field.name} has a character that no octet stands for`);
      this.#slab[this.#at++] = code;
    }
    this.#slab[this.#at++] = 0;
  }

  address({ ton, npi, address }: Address, field: TextField): void {
    this.byte(ton, `${field.name}_ton`);
    this.byte(npi, `${field.name}_npi`);
    this.text(address, field);
  }

  octets(value: Uint8Array): void {
    this.#reserve(value.length);
    this.#slab.set(value, this.#at);
    this.#at += value.length;
  }

  tlvs(tlvs: readonly Tlv[]): void {
    for (const { tag, value } of tlvs) {
      if ((tag & 0xffff) !== tag)
        return this.fail(STATUS.ESME_RINVOPTPARSTREAM, 'the tag of an optional parameter does not fit into two octets');
      if (value.length > 0xffff) return this.fail(STATUS.ESME_RINVPARLEN, 'an optional parameter has more than 65,535 octets');
      this.uint16(tag);
      this.uint16(value.length);
      this.octets(value);
    }
  }

  #reserve(bytes: number): void {
    if (this.#at + bytes > this.#slab.length) this.#grow(bytes);
  }

  #grow(bytes: number): void {
    const length = this.length;
    const slab = Buffer.allocUnsafeSlow(Math.max(SLAB_BYTES, 2 * (length + bytes)));
    this.#slab.copy(slab, 0, this.#taken, this.#at);
    this.#slab = slab;
    this.#taken = 0;
    this.#at = length;
  }
}
