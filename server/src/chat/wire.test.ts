import { expect, it } from 'vitest';
import { wireReadReceipt } from './wire.ts';

it.each([
  ['8:acs:r_u', { communicationUser: { id: '8:acs:r_u' } }],
  ['8:spool:r_u', { communicationUser: { id: '8:spool:r_u' } }],
  ['8:orgid:u', { microsoftTeamsUser: { userId: 'u', isAnonymous: false, cloud: 'public' } }],
  ['8:dod:u', { microsoftTeamsUser: { userId: 'u', isAnonymous: false, cloud: 'dod' } }],
  ['8:gcch:u', { microsoftTeamsUser: { userId: 'u', isAnonymous: false, cloud: 'gcch' } }],
  ['8:teamsvisitor:u', { microsoftTeamsUser: { userId: 'u', isAnonymous: true, cloud: 'public' } }],
  ['4:+1555', {}],
])('the identifier %s is shown as what it names', (userId, shown) => {
  expect(wireReadReceipt({ userId, messageId: 5, readAtMs: 1_999 })).toEqual({
    senderCommunicationIdentifier: { rawId: userId, ...shown },
    chatMessageId: '5',
    readOn: '1970-01-01T00:00:01Z',
  });
});
