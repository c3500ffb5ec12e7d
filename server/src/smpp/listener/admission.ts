import type { Address } from '../pdu/body.ts';
import type { BoundAs } from '../session/rules.ts';

/** Who wants to bind. */
export interface BindRequest {
  readonly systemId: string;
  readonly password: string;
  readonly systemType: string;
  readonly bindAs: BoundAs;
  readonly addressRange: Address;
  readonly remoteAddress: string;
}

export type Admission =
  | {
      readonly kind: 'admitted';
      /** What its sessions are found by. */
      readonly account: string;
      /** How many sessions this account may have at once. */
      readonly maxSessions: number;
    }
  | {
      readonly kind: 'refused';
      /** A value of section 5.1.3 other than 0. */
      readonly status: number;
    };
