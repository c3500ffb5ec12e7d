import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Certificate, selfSigned, TestAuthority } from '../../lib/certificates.ts';
import { advance, deliveryTo, trigger } from '../../lib/event-deliveries.ts';
import { EventReceiver } from '../../lib/event-receiver.ts';
import { startServer, type TestServer } from '../../lib/server.ts';
import { TemporaryFolder } from '../../lib/temporary.ts';

const HOUR_MS = 3_600_000;

/** What is wrong with a certificate, and what is said of it. */
const WRONG: readonly (readonly [what: string, make: (trusted: TestAuthority) => Promise<Certificate>, told: string])[] = [
  ['self-signed', () => selfSigned(), 'its certificate is signed by itself; see --trusted-ca-files (DEPTH_ZERO_SELF_SIGNED_CERT)'],
  ['expired', (trusted) => trusted.issue({ untilMs: -HOUR_MS }), 'its certificate has expired (CERT_HAS_EXPIRED)'],
  ['early', (trusted) => trusted.issue({ fromMs: HOUR_MS }), 'its certificate is not valid yet (CERT_NOT_YET_VALID)'],
  [
    'misnamed',
    (trusted) => trusted.issue({ names: ['other.example', '127.0.0.1'] }),
    "Host: localhost. is not in the cert's altnames: DNS:other.example, IP Address:127.0.0.1",
  ],
  [
    'strange',
    async () => (await TestAuthority.create()).issue(),
    'its certificate is of an authority that is not trusted; see --trusted-ca-files (UNABLE_TO_VERIFY_LEAF_SIGNATURE)',
  ],
];

describe('the certificate of an endpoint', () => {
  const stack = new AsyncDisposableStack();
  let trusted: TestAuthority;
  let server: TestServer;
  beforeAll(async () => {
    trusted = await TestAuthority.create();
    const file = stack.use(new TemporaryFolder()).write('ca.pem', trusted.certificate.cert);
    server = stack.use(await startServer({ args: ['--clock', 'virtual', '--trusted-ca-files', file] }));
  });
  afterAll(() => stack.disposeAsync());

  function subscribe(name: string, endpointUrl: string): Promise<{ readonly status: number; readonly body: unknown }> {
    const includedEventTypes = ['Microsoft.Communication.SMSReceived'];
    return server.admin('POST', '/admin/events/subscriptions', { name, endpointUrl, includedEventTypes });
  }

  it('may be of an authority that the settings name, or of the one that the server made', async () => {
    const [cert, key] = ['ca.pem', 'ca-key.pem'].map((name) => readFileSync(join(server.data, 'tls', name), 'utf8')) as [string, string];
    for (const authority of [trusted, new TestAuthority({ cert, key })]) {
      await using receiver = await EventReceiver.openSecure(await authority.issue());
      expect(await subscribe('good', receiver.url)).toMatchObject({ status: 201 });
      await trigger(server);
      await receiver.until(() => receiver.deliveries.length === 1);
      await server.admin('DELETE', '/admin/events/subscriptions/good');
    }
  });

  it('is judged when a subscription is made, and the refusal names what is wrong', async () => {
    await using plain = await EventReceiver.open();
    const asked = WRONG.map(async ([name, make, told]) => {
      await using receiver = await EventReceiver.openSecure(await make(trusted));
      const { status, body } = await subscribe(name, receiver.url);
      expect({ status, body }).toMatchObject({ status: 400, body: { error: { message: expect.stringContaining(told) as unknown } } });
      expect(receiver.handshakes).toEqual([]);
    });
    asked.push(
      subscribe('plain', plain.url.replace('http:', 'https:')).then((answer) => {
        expect(answer).toMatchObject({
          status: 400,
          body: { error: { message: expect.stringContaining('it does not speak TLS (EPROTO)') as unknown } },
        });
      }),
    );
    await Promise.all(asked);
  });

  it('R105: is judged at each connection; what it holds up is told in the log, delays no other, and goes on when it is right', async () => {
    await using receivers = new AsyncDisposableStack();
    const healthy = receivers.use(await EventReceiver.open());
    await subscribe('healthy', healthy.url);
    const wounded = await Promise.all(
      WRONG.map(async ([name, make]) => {
        const receiver = receivers.use(await EventReceiver.openSecure(await trusted.issue()));
        expect(await subscribe(name, receiver.url)).toMatchObject({ status: 201 });
        receiver.present(await make(trusted));
        return receiver;
      }),
    );
    await trigger(server, { count: 20 });
    await healthy.until(() => healthy.events.length === 20);
    for (const [i, [name, , told]] of WRONG.entries()) {
      const { state, attempts } = await deliveryTo(server, name);
      expect({ name, state, attempts }).toMatchObject({
        name,
        state: 'waiting',
        attempts: [{ outcome: 'SocketError', detail: expect.stringContaining(told) as unknown }],
      });
      expect(wounded[i]?.deliveries).toEqual([]);
    }
    for (const receiver of wounded) receiver.present(await trusted.issue());
    await advance(server, 'PT12S');
    for (const receiver of wounded) expect(new Set(receiver.events.map(({ id }) => id)).size).toBe(20);
  });
});
