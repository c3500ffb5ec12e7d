import { callsOnly, type Country, place, placeless, range } from '../country.ts';

/**
 * Prices: Azure's "Telephony (PSTN) pricing", 2025. No regulator here sets numbers aside for fiction that we know of: the codes 990 of Spain
 * and 20 of Portugal are assigned to no place, and behind Italy’s 06 no subscriber’s number begins with 000. Of freephone numbers the block
 * of zeros is taken, which is assigned to nobody we know of.
 */
export const SOUTHERN_EUROPE: readonly Country[] = [
  {
    code: 'ES',
    name: 'Spain',
    callingCode: '34',
    emergency: ['112', '061', '062', '080', '085', '091', '092'],
    offerings: [callsOnly('geographic', 5), callsOnly('tollFree', 20)],
    areas: [place('990', 'Madrid', range('+34990000000', 1_000)), placeless('tollFree', '900', range('+34900000000', 1_000))],
  },
  {
    code: 'IT',
    name: 'Italy',
    callingCode: '39',
    emergency: ['112', '113', '115', '118'],
    offerings: [callsOnly('geographic', 2.92), callsOnly('tollFree', 23.39)],
    areas: [
      place('06', 'Rome', range('+390600000000', 1_000)),
      place('02', 'Milan', range('+390200000000', 1_000)),
      placeless('tollFree', '800', range('+39800000000', 1_000)),
    ],
  },
  {
    code: 'PT',
    name: 'Portugal',
    callingCode: '351',
    emergency: ['112'],
    offerings: [callsOnly('geographic', 1), callsOnly('tollFree', 18)],
    areas: [place('20', 'Lisbon', range('+351200000000', 1_000)), placeless('tollFree', '800', range('+351800000000', 1_000))],
  },
];
