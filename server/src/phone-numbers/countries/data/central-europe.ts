import { callsOnly, type Country, place, placeless, range, textsOnly } from '../country.ts';

/**
 * Prices: Azure's "Telephony (PSTN) pricing" and "Mobile Numbers pricing", 2025. No regulator here sets numbers aside for fiction that we
 * know of; these begin with digits that the national plan gives to nobody: subscribers’ numbers never begin with the trunk prefix 0. Of
 * freephone numbers the block of zeros is taken, which is assigned to nobody we know of.
 */
export const CENTRAL_EUROPE: readonly Country[] = [
  {
    code: 'AT',
    name: 'Austria',
    callingCode: '43',
    emergency: ['112', '122', '133', '144'],
    offerings: [callsOnly('geographic', 1), callsOnly('tollFree', 25)],
    areas: [place('1', 'Vienna', range('+4310000000', 1_000)), placeless('tollFree', '800', range('+43800000000', 1_000))],
  },
  {
    code: 'BE',
    name: 'Belgium',
    callingCode: '32',
    emergency: ['112', '100', '101'],
    offerings: [callsOnly('geographic', 0.7), callsOnly('tollFree', 25), textsOnly('mobile', 1.25)],
    areas: [
      place('2', 'Brussels', range('+3220000000', 1_000)),
      placeless('tollFree', '800', range('+3280000000', 1_000)),
      placeless('mobile', '400', range('+32400000000', 1_000)),
    ],
  },
  {
    code: 'CH',
    name: 'Switzerland',
    callingCode: '41',
    emergency: ['112', '117', '118', '144'],
    offerings: [callsOnly('geographic', 1), callsOnly('tollFree', 18)],
    areas: [
      place('44', 'Zurich', range('+41440000000', 1_000)),
      place('22', 'Geneva', range('+41220000000', 1_000)),
      placeless('tollFree', '800', range('+41800000000', 1_000)),
    ],
  },
  {
    code: 'LU',
    name: 'Luxembourg',
    callingCode: '352',
    emergency: ['112', '113'],
    offerings: [callsOnly('geographic', 3), callsOnly('tollFree', 20)],
    areas: [place('10', 'Luxembourg', range('+35210000000', 1_000)), placeless('tollFree', '800', range('+35280000000', 1_000))],
  },
  {
    code: 'NL',
    name: 'Netherlands',
    callingCode: '31',
    emergency: ['112'],
    offerings: [callsOnly('geographic', 1.5), callsOnly('tollFree', 25), textsOnly('mobile', 6)],
    areas: [
      place('20', 'Amsterdam', range('+31200000000', 1_000)),
      place('10', 'Rotterdam', range('+31100000000', 1_000)),
      placeless('tollFree', '800', range('+318000000000', 1_000)),
      placeless('mobile', '6', range('+31600000000', 1_000)),
    ],
  },
  {
    code: 'SK',
    name: 'Slovakia',
    callingCode: '421',
    emergency: ['112', '150', '155', '158'],
    offerings: [callsOnly('geographic', 1), callsOnly('tollFree', 25)],
    areas: [place('2', 'Bratislava', range('+421200000000', 1_000)), placeless('tollFree', '800', range('+421800000000', 1_000))],
  },
];
