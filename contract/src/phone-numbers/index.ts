export * from './acquisition.ts';
export {
  type AvailablePhoneNumber,
  browseNumbers,
  listAreaCodes,
  listNumberCountries,
  listNumberLocalities,
  listOfferings,
} from './catalogue.ts';
export * from './long-running.ts';
export * from './operator-information.ts';
export * from './owned.ts';
export * from './reservations.ts';
export type { AssignmentType, Capabilities, Capability, NumberType } from './shapes.ts';
export * from './sip-routing.ts';
