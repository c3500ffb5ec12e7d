import { type Area, callsOnly, type Country, type Division, type Offering, placeless, range } from '../country.ts';

/**
 * Prices and capabilities: Azure's pages "Telephony (PSTN) pricing" and "Phone number management for …", 2025; the offerings of the
 * United States as recorded from the service. Numbers: 555-0100 to 555-0199 of every area code is set aside for fiction (ATIS-0300115,
 * central office code 555). Of toll-free codes only 555-0199 is; the others follow the same pattern and are assigned to nobody we know of.
 */
const FICTITIOUS = 100;
const TOLL_FREE_CODES = ['800', '833', '844', '855', '866', '877', '888'];

const STATES: Readonly<Record<string, string>> = {
  AK: 'Alaska',
  AZ: 'Arizona',
  CA: 'California',
  CO: 'Colorado',
  CT: 'Connecticut',
  DC: 'District of Columbia',
  FL: 'Florida',
  GA: 'Georgia',
  HI: 'Hawaii',
  IL: 'Illinois',
  IN: 'Indiana',
  KS: 'Kansas',
  KY: 'Kentucky',
  MA: 'Massachusetts',
  MD: 'Maryland',
  MI: 'Michigan',
  MN: 'Minnesota',
  MO: 'Missouri',
  NC: 'North Carolina',
  NJ: 'New Jersey',
  NM: 'New Mexico',
  NV: 'Nevada',
  NY: 'New York',
  OH: 'Ohio',
  OK: 'Oklahoma',
  OR: 'Oregon',
  PA: 'Pennsylvania',
  RI: 'Rhode Island',
  TN: 'Tennessee',
  TX: 'Texas',
  UT: 'Utah',
  VA: 'Virginia',
  WA: 'Washington',
  WI: 'Wisconsin',
};

const PROVINCES: Readonly<Record<string, string>> = {
  AB: 'Alberta',
  BC: 'British Columbia',
  MB: 'Manitoba',
  NS: 'Nova Scotia',
  ON: 'Ontario',
  QC: 'Quebec',
  SK: 'Saskatchewan',
};

/** Area codes by place. */
const US_PLACES: readonly (readonly [state: string, locality: string, ...areaCodes: string[]])[] = [
  ['WA', 'Seattle', '206'],
  ['WA', 'Bellevue', '425'],
  ['WA', 'Tacoma', '253'],
  ['WA', 'Spokane', '509'],
  ['OR', 'Portland', '503', '971'],
  ['CA', 'San Francisco', '415', '628'],
  ['CA', 'San Jose', '408'],
  ['CA', 'Los Angeles', '213', '323'],
  ['CA', 'San Diego', '619'],
  ['CA', 'Sacramento', '916'],
  ['NV', 'Las Vegas', '702'],
  ['AZ', 'Phoenix', '602'],
  ['UT', 'Salt Lake City', '801'],
  ['CO', 'Denver', '303', '720'],
  ['NM', 'Albuquerque', '505'],
  ['TX', 'Dallas', '214'],
  ['TX', 'Houston', '713'],
  ['TX', 'Austin', '512'],
  ['TX', 'San Antonio', '210'],
  ['OK', 'Oklahoma City', '405'],
  ['KS', 'Overland Park', '913'],
  ['MO', 'Kansas City', '816'],
  ['MO', 'St. Louis', '314'],
  ['MN', 'Minneapolis', '612'],
  ['WI', 'Milwaukee', '414'],
  ['IL', 'Chicago', '312', '773'],
  ['IN', 'Indianapolis', '317'],
  ['MI', 'Detroit', '313'],
  ['OH', 'Cleveland', '216'],
  ['OH', 'Columbus', '614'],
  ['KY', 'Louisville', '502'],
  ['TN', 'Nashville', '615'],
  ['TN', 'Memphis', '901'],
  ['GA', 'Atlanta', '404'],
  ['FL', 'Miami', '305'],
  ['FL', 'Orlando', '407'],
  ['FL', 'Tampa', '813'],
  ['NC', 'Charlotte', '704'],
  ['NC', 'Raleigh', '919'],
  ['VA', 'Richmond', '804'],
  ['DC', 'Washington', '202'],
  ['MD', 'Baltimore', '410'],
  ['PA', 'Philadelphia', '215'],
  ['PA', 'Pittsburgh', '412'],
  ['NY', 'New York City', '212', '718'],
  ['NY', 'Buffalo', '716'],
  ['NJ', 'Jersey City', '201'],
  ['CT', 'Bridgeport', '203'],
  ['MA', 'Boston', '617'],
  ['RI', 'Providence', '401'],
  ['AK', 'Anchorage', '907'],
  ['HI', 'Honolulu', '808'],
];

const CA_PLACES: typeof US_PLACES = [
  ['ON', 'Toronto', '416', '647'],
  ['ON', 'Ottawa', '613'],
  ['QC', 'Montreal', '514', '438'],
  ['QC', 'Quebec City', '418'],
  ['BC', 'Vancouver', '604', '236'],
  ['BC', 'Victoria', '250'],
  ['AB', 'Calgary', '403'],
  ['AB', 'Edmonton', '780'],
  ['MB', 'Winnipeg', '204'],
  ['SK', 'Regina', '306'],
  ['NS', 'Halifax', '902'],
];

const TOLL_FREE: Offering = {
  type: 'tollFree',
  assignments: ['application'],
  calling: 'inbound+outbound',
  sms: 'inbound+outbound',
  monthlyUsd: 2,
};

/** One numbering plan, so the same toll-free codes: a number is in the inventory of one country only. */
export const NORTH_AMERICA: readonly Country[] = [
  {
    code: 'US',
    name: 'United States',
    callingCode: '1',
    emergency: ['911', '112'],
    offerings: [callsOnly('geographic', 1), TOLL_FREE],
    areas: [...areasOf(US_PLACES, STATES), ...TOLL_FREE_CODES.map((code) => tollFree(code, { from: 0, count: 70 }))],
  },
  {
    code: 'CA',
    name: 'Canada',
    callingCode: '1',
    emergency: ['911', '112'],
    offerings: [callsOnly('geographic', 1), TOLL_FREE],
    areas: [...areasOf(CA_PLACES, PROVINCES), ...TOLL_FREE_CODES.map((code) => tollFree(code, { from: 70, count: 20 }))],
  },
  {
    code: 'PR',
    name: 'Puerto Rico',
    callingCode: '1',
    emergency: ['911', '112'],
    offerings: [callsOnly('geographic', 1), TOLL_FREE],
    areas: [
      ...areasOf([['PR', 'San Juan', '787', '939']], { PR: 'Puerto Rico' }),
      ...TOLL_FREE_CODES.map((code) => tollFree(code, { from: 90, count: 10 })),
    ],
  },
];

function areasOf(places: typeof US_PLACES, names: Readonly<Record<string, string>>): Area[] {
  return places.flatMap(([abbreviation, locality, ...codes]) => {
    const division: Division = { name: names[abbreviation] ?? abbreviation, abbreviation };
    return codes.map((areaCode): Area => ({
      type: 'geographic',
      areaCode,
      locality,
      division,
      ranges: [range(`+1${areaCode}5550100`, FICTITIOUS)],
    }));
  });
}

function tollFree(areaCode: string, { from, count }: { readonly from: number; readonly count: number }): Area {
  return placeless('tollFree', areaCode, range(`+1${areaCode}55501${String(from).padStart(2, '0')}`, count));
}
