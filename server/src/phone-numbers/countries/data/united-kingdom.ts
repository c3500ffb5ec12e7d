import { callsOnly, type Country, place, placeless, range, textsOnly } from '../country.ts';

/**
 * Numbers: Ofcom, "Telephone numbers for use in TV and radio drama programmes". Prices: Azure's "Telephony (PSTN) pricing" and "Mobile
 * Numbers pricing", 2025.
 */
export const UNITED_KINGDOM: Country = {
  code: 'GB',
  name: 'United Kingdom',
  callingCode: '44',
  emergency: ['999', '112'],
  offerings: [callsOnly('geographic', 1), callsOnly('tollFree', 2), textsOnly('mobile', 1.15)],
  areas: [
    place('20', 'London', range('+442079460000', 1_000)),
    place('113', 'Leeds', range('+441134960000', 1_000)),
    place('114', 'Sheffield', range('+441144960000', 1_000)),
    place('115', 'Nottingham', range('+441154960000', 1_000)),
    place('116', 'Leicester', range('+441164960000', 1_000)),
    place('117', 'Bristol', range('+441174960000', 1_000)),
    place('118', 'Reading', range('+441184960000', 1_000)),
    place('121', 'Birmingham', range('+441214960000', 1_000)),
    place('131', 'Edinburgh', range('+441314960000', 1_000)),
    place('141', 'Glasgow', range('+441414960000', 1_000)),
    place('151', 'Liverpool', range('+441514960000', 1_000)),
    place('161', 'Manchester', range('+441614960000', 1_000)),
    place('191', 'Newcastle', range('+441914980000', 1_000)),
    place('28', 'Belfast', range('+442896496000', 1_000)),
    place('29', 'Cardiff', range('+442920180000', 1_000)),
    placeless('tollFree', '808', range('+448081570000', 1_000)),
    placeless('mobile', '7700', range('+447700900000', 1_000)),
  ],
};
