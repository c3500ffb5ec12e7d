import type { AssignmentType, NumberType } from '@switchboard/contract';
import type { Area, Country, Division, Offering } from './countries/country.ts';

interface AreaFilter {
  readonly type?: NumberType | undefined;
  readonly assignment?: AssignmentType | undefined;
  readonly locality?: string | undefined;
  /** Name or abbreviation. */
  readonly division?: string | undefined;
}

/** Towns with numbers, each once, by name. */
export function localitiesOf(country: Country, filter: AreaFilter): { readonly name: string; readonly division: Division | undefined }[] {
  const found = new Map<string, { readonly name: string; readonly division: Division | undefined }>();
  for (const { locality: name, division } of areasOf(country, filter)) {
    if (name !== undefined) found.set(`${name}/${division?.abbreviation ?? ''}`, { name, division });
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Area codes, each once. */
export function areaCodesOf(country: Country, filter: AreaFilter): string[] {
  return [...new Set(areasOf(country, filter).map(({ areaCode }) => areaCode))];
}

/** Offerings, one for each assignment that they can have. */
export function offeringsOf(
  country: Country,
  filter: Pick<AreaFilter, 'type' | 'assignment'>,
): { readonly offering: Offering; readonly assignment: AssignmentType }[] {
  return country.offerings
    .filter(({ type }) => filter.type === undefined || type === filter.type)
    .flatMap((offering) => offering.assignments.map((assignment) => ({ offering, assignment })))
    .filter(({ assignment }) => filter.assignment === undefined || assignment === filter.assignment);
}

function areasOf(country: Country, { type, assignment, locality, division }: AreaFilter): readonly Area[] {
  const offered = new Set(offeringsOf(country, { type, assignment }).map(({ offering }) => offering.type));
  return country.areas.filter(
    (area) =>
      offered.has(area.type) &&
      (locality === undefined || isSame(area.locality, locality)) &&
      (division === undefined || isSame(area.division?.name, division) || isSame(area.division?.abbreviation, division)),
  );
}

function isSame(name: string | undefined, wanted: string): boolean {
  return name?.toLowerCase() === wanted.toLowerCase();
}
