import type { Command } from 'commander';
import { type DataPlane, headerOf } from '../../data-plane.ts';
import { conclude } from './long-running.ts';

export interface WantedOptions {
  readonly countryCode: string;
  readonly phoneNumberType: string;
  readonly assignmentType: string;
  readonly calling?: string;
  readonly sms?: string;
  readonly areaCode?: string;
  readonly quantity: string;
}

interface Capabilities {
  readonly calling: string;
  readonly sms: string;
}

interface SearchResult {
  readonly searchId: string;
  readonly phoneNumbers: readonly string[];
}

export function addWanted(command: Command): Command {
  return command
    .option('--country-code <CODE>', 'ISO 3166-1 code', 'US')
    .option('--phone-number-type <TYPE>', 'tollFree, geographic or mobile', 'tollFree')
    .option('--assignment-type <TYPE>', 'application or person', 'application')
    .option('--calling <WHAT>', 'none, inbound, outbound or inbound+outbound (with neither this nor --sms: all there is)')
    .option('--sms <WHAT>', 'none, inbound, outbound or inbound+outbound')
    .option('--area-code <CODE>', 'digits of an area, e.g. 425 (any)')
    .option('--quantity <N>', 'how many', '1');
}

/** @throws CommandError with the server's own words */
export async function search(plane: DataPlane, wanted: WantedOptions): Promise<SearchResult> {
  const { phoneNumberType, assignmentType, areaCode, quantity } = wanted;
  const begun = await plane.call('POST', `${countryOf(wanted)}/:search`, {
    phoneNumberType,
    assignmentType,
    capabilities: await capabilitiesOf(plane, wanted),
    areaCode,
    quantity: Number(quantity),
  });
  await conclude(plane, begun);
  return JSON.parse((await plane.call('GET', headerOf(begun, 'location') ?? '')).body) as SearchResult;
}

/** @throws CommandError with the server's own words */
export async function purchase(
  plane: DataPlane,
  { searchId, agreeToNotResell }: { readonly searchId: string; readonly agreeToNotResell?: boolean },
): Promise<void> {
  const body = { searchId, ...(agreeToNotResell === true ? { agreeToNotResell } : {}) };
  await conclude(plane, await plane.call('POST', '/availablePhoneNumbers/:purchase', body));
}

function countryOf({ countryCode }: WantedOptions): string {
  return `/availablePhoneNumbers/countries/${encodeURIComponent(countryCode)}`;
}

/** What is asked for, or the most that such numbers can do. */
async function capabilitiesOf(plane: DataPlane, wanted: WantedOptions): Promise<Capabilities> {
  const { calling, sms, phoneNumberType, assignmentType } = wanted;
  if (calling !== undefined || sms !== undefined) return { calling: calling ?? 'none', sms: sms ?? 'none' };
  const query = new URLSearchParams({ phoneNumberType, assignmentType });
  const path = `${countryOf(wanted)}/offerings?${query.toString()}`;
  const [offering] = await plane.list<{ readonly availableCapabilities: Capabilities }>(path, 'phoneNumberOfferings');
  // There is none: the search tells why.
  return offering?.availableCapabilities ?? { calling: 'inbound', sms: 'none' };
}
