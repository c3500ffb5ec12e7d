import { describe, expect, it } from 'vitest';
import type { TokenGrant } from '../../http/index.ts';
import { LiveConnection } from './live-connection.ts';
import type { LiveTransport } from './live-transport.ts';

const GRANT: TokenGrant = {
  identity: '8:acs:ann',
  resourceId: 'id-of-local',
  scopes: ['chat'],
  expiresAtMs: Infinity,
  generation: 0,
  keySlot: 'primary',
  keyVersion: 1,
};

describe('a frozen connection', () => {
  it('hears nothing of its client, so that its silence ends it', () => {
    let nowMs = 0;
    const did: string[] = [];
    const transport: LiveTransport = {
      sendLatin1: (packet) => did.push(`sent ${packet}`) > 0,
      sendAlong: (packet) => did.push(`sent ${packet}`) > 0,
      freeze: () => did.push('froze'),
      close: () => did.push('closed'),
      terminate: () => did.push('terminated'),
    };
    const connection = new LiveConnection({ ccid: 'c', grant: GRANT, monotonicMs: () => nowMs });
    connection.open(transport, []);
    nowMs = 5;
    connection.heard();
    connection.freeze();
    nowMs = 10;
    connection.heard();
    connection.receive('5:1+::{"name":"ping"}');
    expect(connection.heardMs).toBe(5);
    expect(did).toEqual(['froze']);
  });
});
