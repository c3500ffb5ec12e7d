import { callsOnly, type Country, place, placeless, range, textsOnly } from '../country.ts';

/** Prices: Azure's "Telephony (PSTN) pricing" and "Mobile Numbers pricing", 2025, unless marked as an estimate. */
export const ASIA_PACIFIC: readonly Country[] = [
  {
    code: 'AU',
    name: 'Australia',
    callingCode: '61',
    emergency: ['000', '112', '106'],
    // The price of geographic numbers is an estimate.
    offerings: [callsOnly('geographic', 1), callsOnly('tollFree', 16, 'inbound'), textsOnly('mobile', 6.5)],
    // ACMA, "Phone numbers for use in TV shows, films and creative works".
    areas: [
      place('2', 'Sydney', [range('+61255500000', 1_000), range('+61270100000', 1_000)]),
      place('3', 'Melbourne', [range('+61355500000', 1_000), range('+61370100000', 1_000)]),
      place('7', 'Brisbane', [range('+61755500000', 1_000), range('+61770100000', 1_000)]),
      place('8', 'Perth', [range('+61855500000', 1_000), range('+61870100000', 1_000)]),
      placeless('tollFree', '1800', [range('+611800160401', 1), range('+611800975707', 5)]),
      placeless('mobile', '4', [
        range('+61491570006', 1),
        range('+61491570110', 1),
        range('+61491570156', 4),
        range('+61491570266', 1),
        range('+61491570313', 1),
        range('+61491570737', 1),
        range('+61491571266', 1),
        range('+61491571491', 1),
        range('+61491571804', 1),
        range('+61491572549', 1),
        range('+61491572665', 1),
        range('+61491572983', 1),
        range('+61491573087', 1),
        range('+61491573770', 1),
        range('+61491574118', 1),
        range('+61491574632', 1),
        range('+61491575254', 1),
        range('+61491575789', 1),
        range('+61491576398', 1),
        range('+61491576801', 1),
        range('+61491577426', 1),
        range('+61491577644', 1),
        range('+61491578148', 1),
        range('+61491578212', 1),
        range('+61491578888', 1),
        range('+61491578957', 1),
        range('+61491579212', 1),
        range('+61491579455', 1),
        range('+61491579760', 1),
      ]),
    ],
  },
  // No regulator below sets numbers aside for fiction that we know of: subscribers’ numbers never begin with 0, and of freephone numbers the
  // block of zeros is assigned to nobody we know of.
  {
    code: 'NZ',
    name: 'New Zealand',
    callingCode: '64',
    emergency: ['111', '112'],
    offerings: [callsOnly('tollFree', 40, 'inbound')],
    areas: [placeless('tollFree', '800', range('+64800000000', 1_000))],
  },
  {
    code: 'SG',
    name: 'Singapore',
    callingCode: '65',
    emergency: ['995', '999', '112'],
    offerings: [callsOnly('tollFree', 22, 'inbound')],
    areas: [placeless('tollFree', '800', range('+658000000000', 1_000))],
  },
  {
    code: 'HK',
    name: 'Hong Kong SAR',
    callingCode: '852',
    emergency: ['999', '112'],
    offerings: [callsOnly('tollFree', 25, 'inbound')],
    areas: [placeless('tollFree', '800', range('+852800000000', 1_000))],
  },
  {
    code: 'JP',
    name: 'Japan',
    callingCode: '81',
    emergency: ['110', '118', '119'],
    // Both prices are estimates.
    offerings: [callsOnly('geographic', 5), callsOnly('tollFree', 25, 'inbound')],
    areas: [
      place('3', 'Tokyo', range('+81300000000', 1_000)),
      place('6', 'Osaka', range('+81600000000', 1_000)),
      placeless('tollFree', '120', range('+81120000000', 1_000)),
    ],
  },
];
