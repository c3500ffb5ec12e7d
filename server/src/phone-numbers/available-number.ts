import type { AssignmentType, Capability, NumberType } from '@switchboard/contract';

/** A number that is free, or held. Plain data, may be stored. */
export interface AvailableNumber {
  readonly number: string;
  readonly country: string;
  readonly type: NumberType;
  readonly assignment: AssignmentType;
  readonly calling: Capability;
  readonly sms: Capability;
  readonly monthlyCents: number;
}
