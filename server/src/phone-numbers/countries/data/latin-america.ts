import { callsOnly, type Country, place, placeless, range } from '../country.ts';

/**
 * All prices are estimates: Azure offers these numbers on request. Numbers: subscribers’ numbers never begin with 0; of freephone numbers the
 * block of zeros is taken, which is assigned to nobody we know of.
 */
export const LATIN_AMERICA: readonly Country[] = [
  {
    code: 'BR',
    name: 'Brazil',
    callingCode: '55',
    emergency: ['112', '911', '190', '192', '193'],
    offerings: [callsOnly('geographic', 4), callsOnly('tollFree', 25, 'inbound')],
    areas: [
      place('11', 'São Paulo', range('+551100000000', 1_000)),
      place('21', 'Rio de Janeiro', range('+552100000000', 1_000)),
      placeless('tollFree', '800', range('+558000000000', 1_000)),
    ],
  },
  {
    code: 'MX',
    name: 'Mexico',
    callingCode: '52',
    emergency: ['911'],
    offerings: [callsOnly('geographic', 4), callsOnly('tollFree', 25, 'inbound')],
    areas: [
      place('55', 'Mexico City', range('+525500000000', 1_000)),
      place('33', 'Guadalajara', range('+523300000000', 1_000)),
      placeless('tollFree', '800', range('+528000000000', 1_000)),
    ],
  },
];
