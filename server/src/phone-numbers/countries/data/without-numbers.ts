import type { Country } from '../country.ts';

const KNOWN: readonly Pick<Country, 'code' | 'name' | 'callingCode' | 'emergency'>[] = [
  { code: 'CZ', name: 'Czech Republic', callingCode: '420', emergency: ['112', '150', '155', '156', '158'] },
  { code: 'EE', name: 'Estonia', callingCode: '372', emergency: ['112'] },
  { code: 'LT', name: 'Lithuania', callingCode: '370', emergency: ['112'] },
  { code: 'SI', name: 'Slovenia', callingCode: '386', emergency: ['112', '113'] },
  { code: 'AE', name: 'United Arab Emirates', callingCode: '971', emergency: ['999', '998', '997'] },
  { code: 'CN', name: 'China', callingCode: '86', emergency: ['110', '119', '120'] },
  { code: 'IL', name: 'Israel', callingCode: '972', emergency: ['100', '101', '102'] },
  { code: 'IN', name: 'India', callingCode: '91', emergency: ['112', '100', '101', '102', '108'] },
  { code: 'KR', name: 'Korea', callingCode: '82', emergency: ['112', '119'] },
  { code: 'SA', name: 'Saudi Arabia', callingCode: '966', emergency: ['911', '997', '998', '999'] },
  { code: 'TH', name: 'Thailand', callingCode: '66', emergency: ['191', '199', '1669'] },
  { code: 'TW', name: 'Taiwan', callingCode: '886', emergency: ['110', '119'] },
  { code: 'ZA', name: 'South Africa', callingCode: '27', emergency: ['10111', '10177', '112'] },
];

/** Countries whose numbers cannot be had here, but whose phones may be texted, and whose emergency numbers may not. */
export const WITHOUT_NUMBERS: readonly Country[] = KNOWN.map((country) => ({ ...country, offerings: [], areas: [] }));
