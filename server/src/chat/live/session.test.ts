import { createSecretKey } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type LiveSession, LiveSessions } from './session.ts';

const sessions = new LiveSessions(createSecretKey(Buffer.alloc(32, 1)));
const session: LiveSession = {
  ccid: 'connection',
  grant: { identity: '8:acs:ann', resourceId: 'r', scopes: ['chat'], expiresAtMs: 1_000, generation: 2, keySlot: 'primary', keyVersion: 3 },
};

describe('the session of a live connection', () => {
  it('comes back from its connect parameters, and tells its expiry', () => {
    const sealed = sessions.seal(session);
    expect(sessions.open(sealed)).toEqual(session);
    expect(sealed.se).toBe('1000');
    for (const text of [sealed.sr, sealed.se, sealed.sig]) expect(encodeURIComponent(text)).toBe(text);
  });

  it('comes back after a restart, under the same key alone', () => {
    const sealed = sessions.seal(session);
    expect(new LiveSessions(createSecretKey(Buffer.alloc(32, 1))).open(sealed)).toEqual(session);
    expect(new LiveSessions(createSecretKey(Buffer.alloc(32, 2))).open(sealed)).toBeUndefined();
  });

  it('does not open when any character is another, and never as another session', () => {
    const { sr, sig } = sessions.seal(session);
    for (let i = 0; i < sr.length; i++) {
      const other = sr.slice(0, i) + (sr[i] === 'A' ? 'B' : 'A') + sr.slice(i + 1);
      expect(sessions.open({ sr: other, sig }), `sr ${i}`).toBeUndefined();
    }
    for (let i = 0; i < sig.length - 1; i++) {
      const other = sig.slice(0, i) + (sig[i] === 'A' ? 'B' : 'A') + sig.slice(i + 1);
      expect(sessions.open({ sr, sig: other }), `sig ${i}`).toBeUndefined();
    }
  });

  it('cannot be made of the parts of two others', () => {
    const other = sessions.seal({ ...session, grant: { ...session.grant, identity: '8:acs:eve' } });
    expect(sessions.open({ sr: other.sr, sig: sessions.seal(session).sig })).toBeUndefined();
  });

  it('cannot be forged', () => {
    const sr = Buffer.from(JSON.stringify(session)).toString('base64url');
    fc.assert(
      fc.property(fc.oneof(fc.constant(sr), fc.string()), fc.oneof(fc.string(), fc.base64String()), (text, sig) => {
        expect(sessions.open({ sr: text, sig })).toBeUndefined();
      }),
    );
  });
});
