import { afterEach, describe, expect, it } from 'vitest';
import { installBrowserGlobals } from './browser-globals.mjs';
import { XMLHttpRequest } from './xml-http-request.mjs';

const host = globalThis as unknown as Record<string, unknown>;

afterEach(() => {
  for (const name of ['location', 'XMLHttpRequest']) Reflect.deleteProperty(host, name);
});

describe('installBrowserGlobals', () => {
  it('adds two globals and no more, which a listing does not show', () => {
    const before = Reflect.ownKeys(host);
    installBrowserGlobals();
    expect(Reflect.ownKeys(host).filter((name) => !before.includes(name))).toEqual(['XMLHttpRequest', 'location']);
    expect(Object.keys(host)).not.toContain('location');
    expect(host['XMLHttpRequest']).toBe(XMLHttpRequest);
    expect(host['location']).toMatchObject({ protocol: 'https:', hostname: 'localhost', port: '' });
  });

  it('replaces nothing', () => {
    host['location'] = 'mine';
    installBrowserGlobals();
    installBrowserGlobals();
    expect(host['location']).toBe('mine');
    expect(host['XMLHttpRequest']).toBe(XMLHttpRequest);
  });
});
