import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { commandFor } from './curl.ts';
import type { RequestDetail } from './requests-api.ts';

const server = { endpoint: 'https://localhost:8443/', caFile: '/data/tls/ca.pem' };

function detail(changes: Partial<RequestDetail>): RequestDetail {
  return { id: 'r', time: '', method: 'POST', path: '/chat/threads?a=b', status: 201, durationMs: 1, inspection: 'on', ...changes };
}

/** The words that a shell makes of a command. */
function wordsOf(command: string): string[] {
  const script = `print() { printf '%s\\0' "$@"; }; curl() { print curl "$@"; }; switchboard() { print switchboard "$@"; }; ${command}`;
  return execFileSync('sh', ['-c', script], { env: { TOKEN: 'the-token', ADMIN_KEY: 'the-key' }, encoding: 'utf8' })
    .split('\0')
    .slice(0, -1);
}

describe('the command that sends a request again', () => {
  it('has variables in the place of credentials, and no header of one connection', () => {
    const headers = [
      { name: 'Host', value: 'localhost:8443' },
      { name: 'Authorization', value: 'Bearer •••' },
      { name: 'content-type', value: 'application/json' },
      { name: 'content-length', value: '2' },
      { name: 'sec-fetch-mode', value: 'cors' },
    ];
    const command = commandFor(detail({ caller: '8:acs:x', request: { headers, body: { text: '{}', bytes: 2, complete: true } } }), server);
    expect(command).toBe(`curl -X POST 'https://localhost:8443/chat/threads?a=b' \\
  --cacert '/data/tls/ca.pem' \\
  -H "Authorization: Bearer $TOKEN" \\
  -H 'content-type: application/json' \\
  --data-binary '{}'`);
  });

  it.each(['it’s', "it's", '$(touch /tmp/x) `id`', '"; exit', 'line\nline', '\\', '100 % 🎉'])(
    'keeps the body %j from the shell',
    (text) => {
      const request = { headers: [{ name: 'x', value: text }], body: { text, bytes: 1, complete: true } };
      const words = wordsOf(commandFor(detail({ caller: '8:acs:x', request }), server));
      expect(words.at(-1)).toBe(text);
      expect(words).toContain(`x: ${text}`);
    },
  );

  it('takes the admin key for admin requests, and the token of live services', () => {
    const admin = detail({ caller: 'admin', request: { headers: [{ name: 'authorization', value: '' }] } });
    expect(wordsOf(commandFor(admin, server))).toContain('Authorization: Bearer the-key');
    const live = detail({ caller: '8:acs:x', request: { headers: [{ name: 'x-skypetoken', value: '•••' }] } });
    expect(wordsOf(commandFor(live, server))).toContain('X-Skypetoken: the-token');
  });

  it('signs what was signed', () => {
    const request = { headers: [], body: { text: '{"a":1}', bytes: 7, complete: true } };
    expect(wordsOf(commandFor(detail({ caller: 'accessKey', request }), server))).toEqual([
      'switchboard',
      'request',
      'POST',
      '/chat/threads?a=b',
      '--body',
      '{"a":1}',
    ]);
  });

  it('leaves out a body that is not known whole, and knows the credential where headers are not kept', () => {
    const request = { headers: [], body: { text: '{"a', bytes: 70_000, complete: false } };
    expect(commandFor(detail({ caller: '8:acs:x', request }), server)).not.toContain('--data');
    expect(wordsOf(commandFor(detail({ caller: '8:acs:x', inspection: 'off' }), server))).toContain('Authorization: Bearer the-token');
    expect(commandFor(detail({}), { endpoint: 'http://localhost:8080/' })).toBe(`curl -X POST 'http://localhost:8080/chat/threads?a=b'`);
  });
});
