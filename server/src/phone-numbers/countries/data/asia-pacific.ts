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
];
