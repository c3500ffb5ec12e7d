import type { AccessKey } from '../http/index.ts';
import { messageOf } from '../lib/errors.ts';
import { Limits, type LimitsOptions } from '../limits/index.ts';
import { resourceErrors } from './errors.ts';
import { type DataLocation, parseDataLocation } from './locations.ts';

// What callers may say of a resource. Each check throws an ApiError 400 that names what is wrong.

export function checkedLimits(options: LimitsOptions | undefined): LimitsOptions | undefined {
  try {
    if (options !== undefined) new Limits(options);
    return options;
  } catch (error) {
    throw resourceErrors.badLimits(messageOf(error));
  }
}

export function tierOf(text: string): string {
  const tier = ['Free', 'Standard'].find((known) => known.toLowerCase() === text.toLowerCase());
  if (tier === undefined) throw resourceErrors.badTier(text);
  return tier;
}

export function locationOf(text: string): DataLocation {
  const location = parseDataLocation(text);
  if (location === undefined) throw resourceErrors.badLocation(text);
  return location;
}

export function slotOf(keyType: string): AccessKey['slot'] {
  const slot = keyType.toLowerCase();
  if (slot !== 'primary' && slot !== 'secondary') throw resourceErrors.badKeyType(keyType);
  return slot;
}
