import { describe, expect, it } from 'vitest';
import { StorageAccount, type StorageService } from './storage-account.ts';

const NOW_MS = Date.UTC(2026, 10, 22, 18, 30);
const KEY = Buffer.alloc(64, 7).toString('base64');

/** The request that puts something into a service of an account. */
function requestTo(connectionString: string, service: StorageService) {
  const call = { service, method: 'PUT', path: '/letters/a b', headers: {}, body: 'x' } as const;
  return StorageAccount.parse(connectionString, service)?.request(call, NOW_MS);
}

describe('a connection string', () => {
  it.each<{ readonly what: string; readonly text: string; readonly service: StorageService; readonly url: string }>([
    {
      what: 'of an account',
      text: `AccountName=a;AccountKey=${KEY}`,
      service: 'blob',
      url: 'https://a.blob.core.windows.net/letters/a%20b',
    },
    {
      what: 'of an account in another cloud',
      text: `DefaultEndpointsProtocol=http;AccountName=a;AccountKey=${KEY};EndpointSuffix=core.example`,
      service: 'queue',
      url: 'http://a.queue.core.example/letters/a%20b',
    },
    {
      what: 'of the emulator',
      text: 'UseDevelopmentStorage=true',
      service: 'queue',
      url: 'http://127.0.0.1:10001/devstoreaccount1/letters/a%20b',
    },
    {
      what: 'with a signature',
      text: 'BlobEndpoint=https://a.example/;SharedAccessSignature=sv=2026-06-06&sig=x%2By%3D',
      service: 'blob',
      url: 'https://a.example/letters/a%20b?sv=2026-06-06&sig=x%2By%3D',
    },
  ])('$what says where a service is', ({ text, service, url }) => {
    expect(requestTo(text, service)?.url.href).toBe(url);
  });

  it.each<[what: string, text: string, service: StorageService]>([
    ['without credentials', 'BlobEndpoint=https://a.example/', 'blob'],
    ['without the service', `BlobEndpoint=https://a.example/;SharedAccessSignature=sig=x`, 'queue'],
    ['with an endpoint that is no URL', `AccountName=a;AccountKey=${KEY};BlobEndpoint=nowhere`, 'blob'],
    ['with an endpoint of another protocol', `AccountName=a;AccountKey=${KEY};BlobEndpoint=ftp://a.example/`, 'blob'],
    ['that is none', 'https://a.example/', 'blob'],
  ])('%s is refused', (_what, text, service) => {
    expect(requestTo(text, service)).toBeUndefined();
  });
});

it('a call carries the time at which it was signed, and its key only as a signature', () => {
  const { headers } = requestTo(`AccountName=a;AccountKey=${KEY}`, 'blob')!;
  expect(headers['x-ms-date']).toBe('Sun, 22 Nov 2026 18:30:00 GMT');
  expect(headers['authorization']).toMatch(/^SharedKey a:[A-Za-z0-9+/]{43}=$/);
  expect(requestTo('QueueEndpoint=https://a.example/;SharedAccessSignature=sig=x', 'queue')?.headers).not.toHaveProperty('authorization');
});
