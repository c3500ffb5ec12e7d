import { callsOnly, type Country, place, placeless, range, textsOnly } from '../country.ts';

/**
 * Prices: Azure's "Telephony (PSTN) pricing" and "Mobile Numbers pricing", 2025. Numbers: Sweden’s are set aside for fiction; the others
 * begin with digits that the national plan gives to nobody: subscribers’ numbers never begin with the trunk prefix 0, nor with the 1 of short
 * codes. Of freephone numbers the block of zeros is taken, which is assigned to nobody we know of.
 */
export const NORTHERN_EUROPE: readonly Country[] = [
  {
    code: 'SE',
    name: 'Sweden',
    callingCode: '46',
    emergency: ['112'],
    offerings: [callsOnly('geographic', 1), callsOnly('tollFree', 21.05), textsOnly('mobile', 3)],
    // PTS, "Telefonnummer för användning i böcker, filmer med mera", 2020.
    areas: [
      place('8', 'Stockholm', range('+46846500400', 100)),
      place('31', 'Gothenburg', range('+46313900600', 100)),
      place('40', 'Malmö', range('+46406280400', 100)),
      place('980', 'Kiruna', range('+46980319200', 100)),
      placeless('tollFree', '20', range('+4620000000', 1_000)),
      placeless('mobile', '70', range('+46701740605', 95)),
    ],
  },
  {
    code: 'DK',
    name: 'Denmark',
    callingCode: '45',
    emergency: ['112'],
    offerings: [callsOnly('geographic', 0.82), callsOnly('tollFree', 25), textsOnly('mobile', 15)],
    areas: [
      place('10', 'Copenhagen', range('+4510000000', 1_000)),
      placeless('tollFree', '80', range('+4580000000', 1_000)),
      placeless('mobile', '19', range('+4519000000', 1_000)),
    ],
  },
  {
    code: 'NO',
    name: 'Norway',
    callingCode: '47',
    emergency: ['112', '110', '113'],
    offerings: [callsOnly('geographic', 5), callsOnly('tollFree', 20)],
    areas: [place('10', 'Oslo', range('+4710000000', 1_000)), placeless('tollFree', '800', range('+4780000000', 1_000))],
  },
  {
    code: 'FI',
    name: 'Finland',
    callingCode: '358',
    emergency: ['112'],
    offerings: [callsOnly('tollFree', 40, 'inbound'), textsOnly('mobile', 5)],
    areas: [placeless('tollFree', '800', range('+358800000000', 1_000)), placeless('mobile', '40', range('+358400000000', 1_000))],
  },
  {
    code: 'LV',
    name: 'Latvia',
    callingCode: '371',
    emergency: ['112', '110', '113'],
    offerings: [textsOnly('mobile', 1)],
    areas: [placeless('mobile', '10', range('+37110000000', 1_000))],
  },
  {
    code: 'PL',
    name: 'Poland',
    callingCode: '48',
    emergency: ['112', '997', '998', '999'],
    offerings: [callsOnly('tollFree', 22, 'inbound'), textsOnly('mobile', 4)],
    areas: [placeless('tollFree', '800', range('+48800000000', 1_000)), placeless('mobile', '40', range('+48400000000', 1_000))],
  },
];
