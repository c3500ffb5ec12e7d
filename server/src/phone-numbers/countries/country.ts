import type { AssignmentType, Capability, NumberType } from '@switchboard/contract';

/** What can be had of one type of number, and for how much. */
export interface Offering {
  readonly type: NumberType;
  readonly assignments: readonly AssignmentType[];
  /** The most that a number of this type can do. */
  readonly calling: Capability;
  readonly sms: Capability;
  /** US dollars a month. */
  readonly monthlyUsd: number;
}

/** Numbers that follow one another, `first` in the E.164 form. */
export interface NumberRange {
  readonly first: string;
  readonly count: number;
}

/** State, province or the like. */
export interface Division {
  readonly name: string;
  readonly abbreviation: string;
}

/** The fictitious numbers of one area code. */
export interface Area {
  readonly type: NumberType;
  readonly areaCode: string;
  /** Absent for numbers that belong to no place. */
  readonly locality?: string;
  readonly division?: Division;
  readonly ranges: readonly NumberRange[];
}

export interface Country {
  /** ISO 3166-1 alpha-2. */
  readonly code: string;
  readonly name: string;
  readonly callingCode: string;
  /** Whom nobody may call or text from here: a certified provider is needed. */
  readonly emergency: readonly string[];
  /** Whether a buyer must agree not to sell its numbers on. */
  readonly isResaleForbidden?: true;
  readonly offerings: readonly Offering[];
  readonly areas: readonly Area[];
}

/** `count` numbers from `first` on. */
export function range(first: string, count: number): NumberRange {
  return { first, count };
}

/** The range of a place. */
export function place(areaCode: string, locality: string, ranges: NumberRange | readonly NumberRange[]): Area {
  return { type: 'geographic', areaCode, locality, ranges: [ranges].flat() };
}

/** Numbers that belong to no place. */
export function placeless(type: NumberType, areaCode: string, ranges: NumberRange | readonly NumberRange[]): Area {
  return { type, areaCode, ranges: [ranges].flat() };
}

/** An offering for calls alone: numbers of most countries send no text messages. */
export function callsOnly(type: NumberType, monthlyUsd: number, calling: Capability = 'inbound+outbound'): Offering {
  const assignments = type === 'geographic' ? (['person', 'application'] as const) : (['application'] as const);
  return { type, assignments, calling, sms: 'none', monthlyUsd };
}

/** An offering for text messages alone, both ways. */
export function textsOnly(type: NumberType, monthlyUsd: number): Offering {
  return { type, assignments: ['application'], calling: 'none', sms: 'inbound+outbound', monthlyUsd };
}

/** All numbers of an area, in their order. */
export function* numbersOf({ ranges }: Area): Iterable<string> {
  for (const { first, count } of ranges) {
    // E.164 has 15 digits at most, which fit a number.
    const start = Number(first.slice(1));
    for (let i = 0; i < count; i++) yield `+${start + i}`;
  }
}
