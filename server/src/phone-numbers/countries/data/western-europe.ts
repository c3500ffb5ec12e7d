import { callsOnly, type Country, place, placeless, range, textsOnly } from '../country.ts';

/**
 * Prices: Azure's "Telephony (PSTN) pricing" and "Mobile Numbers pricing", 2025, unless marked as an estimate. Numbers: as set aside for
 * fiction by the regulator named; where none has set any aside, codes that are assigned to nobody, and marked so.
 */
export const WESTERN_EUROPE: readonly Country[] = [
  {
    code: 'DE',
    name: 'Germany',
    callingCode: '49',
    emergency: ['112', '110'],
    offerings: [callsOnly('geographic', 0.8), callsOnly('tollFree', 6)],
    // Bundesnetzagentur, "Rufnummern für Film und Fernsehen" (drama numbers).
    areas: [
      place('30', 'Berlin', range('+493023125000', 1_000)),
      place('40', 'Hamburg', range('+494066969000', 1_000)),
      place('69', 'Frankfurt am Main', range('+496990009000', 1_000)),
      place('89', 'Munich', range('+498999998000', 1_000)),
      place('221', 'Cologne', range('+492214710000', 1_000)),
      // None set aside: freephone numbers do not begin with 000.
      placeless('tollFree', '800', range('+498000000000', 1_000)),
    ],
  },
  {
    code: 'FR',
    name: 'France',
    callingCode: '33',
    emergency: ['112', '15', '17', '18', '114', '119'],
    isResaleForbidden: true,
    // Toll-free as recorded from the service in 2025.
    offerings: [callsOnly('geographic', 1), callsOnly('tollFree', 8)],
    // Arcep, decision 2018-0881, annex: numbers for audiovisual works.
    areas: [
      place('1', 'Paris', range('+33199000000', 1_000)),
      place('2', 'Rennes', range('+33261910000', 1_000)),
      place('3', 'Strasbourg', range('+33353010000', 1_000)),
      place('4', 'Marseille', range('+33465710000', 1_000)),
      place('5', 'Toulouse', range('+33536490000', 1_000)),
      // None set aside: the block 0809 00 is assigned to nobody.
      placeless('tollFree', '809', range('+33809000000', 1_000)),
    ],
  },
  {
    code: 'IE',
    name: 'Ireland',
    callingCode: '353',
    emergency: ['112', '999'],
    offerings: [callsOnly('geographic', 1.5), callsOnly('tollFree', 19.88), textsOnly('mobile', 6.5)],
    areas: [
      // ComReg, National Numbering Scheme: 020 91X XXXX for drama.
      place('20', 'Dublin', range('+353209100000', 1_000)),
      // None set aside: 1800 numbers do not begin with 000, and 084 is assigned to nobody.
      placeless('tollFree', '1800', range('+3531800000000', 1_000)),
      placeless('mobile', '84', range('+353840000000', 1_000)),
    ],
  },
];
