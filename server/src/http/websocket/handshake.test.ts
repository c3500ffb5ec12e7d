import { describe, expect, it } from 'vitest';
import { checkUpgrade, refusalResponse, switchingProtocols } from './handshake.ts';

const HEADERS = {
  upgrade: 'websocket',
  connection: 'keep-alive, Upgrade',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
};
const REQUEST = { method: 'GET', httpVersion: '1.1', headers: HEADERS };

describe('checkUpgrade', () => {
  it('accepts the handshake of RFC 6455 section 1.3', () => {
    const headers = { ...HEADERS, 'sec-websocket-protocol': 'chat, superchat, b\u00e4d' };
    expect(checkUpgrade({ ...REQUEST, headers })).toEqual({
      ok: true,
      key: HEADERS['sec-websocket-key'],
      offeredProtocols: ['chat', 'superchat'],
    });
  });

  it('compares tokens without regard to case', () => {
    expect(checkUpgrade({ ...REQUEST, headers: { ...HEADERS, upgrade: 'WebSocket', connection: 'UPGRADE' } }).ok).toBe(true);
  });

  it.each([
    ['another method', 405, { ...REQUEST, method: 'POST' }],
    ['HTTP/1.0', 400, { ...REQUEST, httpVersion: '1.0' }],
    ['another protocol', 400, withHeaders({ upgrade: 'h2c' })],
    ['a connection that is not to be upgraded', 400, withHeaders({ connection: 'keep-alive' })],
    ['a body of known length', 400, withHeaders({ 'content-length': '5' })],
    ['a chunked body', 400, withHeaders({ 'transfer-encoding': 'chunked' })],
    ['an old version', 426, withHeaders({ 'sec-websocket-version': '8' })],
    ['a short key', 400, withHeaders({ 'sec-websocket-key': 'c2hvcnQ=' })],
    ['a long key', 400, withHeaders({ 'sec-websocket-key': `AAAA${HEADERS['sec-websocket-key']}` })],
    ['two keys', 400, withHeaders({ 'sec-websocket-key': `${HEADERS['sec-websocket-key']}, ${HEADERS['sec-websocket-key']}` })],
  ])('refuses %s with %d', (_what, status, request) => {
    const check = checkUpgrade(request);
    expect(check).toMatchObject({ ok: false, refusal: { status } });
  });

  it.each(['upgrade', 'connection', 'sec-websocket-version', 'sec-websocket-key'] as const)('refuses a handshake without %s', (name) => {
    const { [name]: _left, ...headers } = HEADERS;
    expect(checkUpgrade({ ...REQUEST, headers }).ok).toBe(false);
  });
});

describe('switchingProtocols', () => {
  it('proves the key as in RFC 6455 section 1.3 and accepts no extension', () => {
    const response = switchingProtocols(HEADERS['sec-websocket-key']);
    expect(response).toContain('\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n');
    expect(response).not.toMatch(/extensions|protocol:/i);
    expect(response.endsWith('\r\n\r\n')).toBe(true);
  });

  it('names the sub-protocol it is given', () => {
    expect(switchingProtocols(HEADERS['sec-websocket-key'], 'chat')).toContain('\r\nSec-WebSocket-Protocol: chat\r\n');
  });
});

describe('refusalResponse', () => {
  it('is a complete response with the error envelope', () => {
    const [head = '', body = ''] = refusalResponse({ status: 401, code: 'Denied', message: 'no ticket – sorry' }).split('\r\n\r\n');
    expect(head.split('\r\n')).toEqual([
      'HTTP/1.1 401 Unauthorized',
      'Connection: close',
      'Content-Type: application/json; charset=utf-8',
      `Content-Length: ${Buffer.byteLength(body)}`,
      'x-ms-error-code: Denied',
    ]);
    expect(JSON.parse(body)).toEqual({ error: { code: 'Denied', message: 'no ticket – sorry' } });
  });

  it('names the version it speaks when another was asked for', () => {
    const check = checkUpgrade(withHeaders({ 'sec-websocket-version': '7' }));
    if (check.ok) throw new Error('accepted');
    expect(refusalResponse(check.refusal)).toMatch(/^HTTP\/1\.1 426 Upgrade Required\r\n[^]*\r\nSec-WebSocket-Version: 13\r\n/);
  });

  it('lets no header value start a line of its own', () => {
    const refusal = { status: 404, code: 'NotFound', message: '', headers: { 'x-ms-request-id': 'a\r\nSet-Cookie: b' } } as const;
    expect(() => refusalResponse(refusal)).toThrow(TypeError);
  });
});

function withHeaders(headers: Record<string, string>): typeof REQUEST {
  return { ...REQUEST, headers: { ...HEADERS, ...headers } };
}
