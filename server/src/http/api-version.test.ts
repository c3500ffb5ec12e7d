import { describe, expect, it } from 'vitest';
import { checkApiVersion } from './api-version.ts';

describe('api-version', () => {
  it.each(['2020-07-20-preview2', '2021-03-07', '2025-06-30', '2025-03-15-preview', '2099-12-31', '2021-02-22-preview1', '2024-02-29'])(
    '%s is served',
    (version) => {
      expect(checkApiVersion(version)).toBe(version);
    },
  );

  it.each([undefined, ''])('%j is missing', (value) => {
    expect(() => checkApiVersion(value)).toThrow(
      expect.objectContaining({ status: 400, code: 'ApiVersionUnspecified', target: 'api-version' }),
    );
  });

  it.each([
    'latest',
    '2020-07-19',
    '1999-01-01',
    '2025-02-30',
    '2023-02-29',
    '2025-13-01',
    '2025-6-30',
    '2025-06-30-',
    '2025-06-30 ',
    '2025-06-30/../x',
    '2025-06-30-Pre',
  ])('%j is refused by name', (version) => {
    expect(() => checkApiVersion(version)).toThrow(
      expect.objectContaining({ code: 'UnsupportedApiVersion', message: expect.stringContaining(JSON.stringify(version)) as unknown }),
    );
  });

  it('is refused when it is given twice, and shortened when it is long', () => {
    expect(() => checkApiVersion(['2025-06-30', '2025-06-30'])).toThrow(/given more than once/);
    expect(() => checkApiVersion('x'.repeat(10_000))).toThrow(/^api-version "x{64}" /);
  });
});
