/** The geographies in which ACS stores data, by their display names. */
export const DATA_LOCATIONS = [
  'Africa',
  'Asia Pacific',
  'Australia',
  'Brazil',
  'Canada',
  'Europe',
  'France',
  'Germany',
  'India',
  'Japan',
  'Korea',
  'Norway',
  'Switzerland',
  'UAE',
  'UK',
  'United States',
] as const;

export type DataLocation = (typeof DATA_LOCATIONS)[number];

/** The display name for `United States`, `UnitedStates` or `unitedstates`; undefined when there is no such geography. */
export function parseDataLocation(text: string): DataLocation | undefined {
  const wanted = text.replaceAll(/\s/g, '').toLowerCase();
  return DATA_LOCATIONS.find((location) => location.replaceAll(' ', '').toLowerCase() === wanted);
}
