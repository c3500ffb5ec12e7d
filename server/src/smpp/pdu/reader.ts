import type { Address } from './body.ts';
import type { Failure } from './failure.ts';
import type { TextField } from './field.ts';
import { STATUS } from './status.ts';
import type { Tlv } from './tlv.ts';

const EMPTY = Buffer.alloc(0);
const NO_TLVS: readonly Tlv[] = [];
const TLV_HEADER_BYTES = 4;

/**
 * Reads the parameters of one PDU where it lies. The first thing that is wrong stays its {@link failure}; what is read
 * after that is empty, so that those who read need not ask after each parameter.
 */
export class Reader {
  readonly #bytes: Buffer;
  readonly #end: number;
  #at: number;
  #failure: Failure | undefined;

  /** @param end where the PDU ends in `bytes` */
  constructor(bytes: Buffer, start: number, end: number) {
    this.#bytes = bytes;
    this.#at = start;
    this.#end = end;
  }

  get failure(): Failure | undefined {
    return this.#failure;
  }

  /** Octets that were not read yet; none after a failure. */
  get left(): number {
    return this.#end - this.#at;
  }

  fail(status: number, reason: string): void {
    this.#failure ??= { status, reason };
    this.#at = this.#end;
  }

  byte(name: string): number {
    if (this.#at < this.#end) return this.#bytes[this.#at++] ?? 0;
    this.#endsTooEarly(name);
    return 0;
  }

  uint32(name: string): number {
    if (this.left < 4) {
      this.#endsTooEarly(name);
      return 0;
    }
    this.#at += 4;
    return this.#bytes.readUInt32BE(this.#at - 4);
  }

  /** A C-octet string, without its NUL. */
  text(field: TextField): string {
    const start = this.#at;
    if (this.#bytes[start] === 0 && start < this.#end) {
      this.#at = start + 1;
      return '';
    }
    const limit = Math.min(this.#end, start + field.maxBytes);
    for (let i = start; i < limit; i++) {
      if (this.#bytes[i] !== 0) continue;
      this.#at = i + 1;
      return this.#bytes.toString('latin1', start, i);
    }
    if (limit < this.#end) this.fail(field.status, `${field.name} is longer than ${field.maxBytes - 1} octets`);
    else this.#endsTooEarly(field.name);
    return '';
  }

  address(field: TextField): Address {
    return { ton: this.byte(`${field.name}_ton`), npi: this.byte(`${field.name}_npi`), address: this.text(field) };
  }

  /** @returns a view of the bytes that were read from the wire */
  octets(length: number, name: string): Buffer {
    if (length === 0) return EMPTY;
    if (length > this.left) {
      this.#endsTooEarly(name);
      return EMPTY;
    }
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  /** The optional parameters, which take up the rest of the PDU. Their values are views, as {@link octets} are. */
  tlvs(): readonly Tlv[] {
    if (this.#at === this.#end) return NO_TLVS;
    const tlvs: Tlv[] = [];
    while (this.#at < this.#end) {
      if (this.left < TLV_HEADER_BYTES) {
        this.fail(STATUS.ESME_RINVOPTPARSTREAM, `${this.left} octets at the end are no optional parameter`);
        break;
      }
      const tag = this.#bytes.readUInt16BE(this.#at);
      const length = this.#bytes.readUInt16BE(this.#at + 2);
      this.#at += TLV_HEADER_BYTES;
      if (length > this.left) {
        this.fail(STATUS.ESME_RINVOPTPARSTREAM, `optional parameter ${hex(tag)} is longer than what is left of the PDU`);
        break;
      }
      tlvs.push({ tag, value: this.octets(length, '') });
    }
    return tlvs;
  }

  #endsTooEarly(name: string): void {
    this.fail(STATUS.ESME_RINVCMDLEN, `the PDU ends within ${name}`);
  }
}

function hex(tag: number): string {
  return `0x${tag.toString(16).padStart(4, '0')}`;
}
