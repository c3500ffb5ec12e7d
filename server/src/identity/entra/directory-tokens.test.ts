import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { ManualTimers } from '../../lib/testing.ts';
import { DirectoryTokens } from './directory-tokens.ts';

it('R27: an issuer that does not answer is asked once for many tokens, and again after a pause', async () => {
  let asked = 0;
  const issuer = createServer((_request, response) => {
    asked += 1;
    response.writeHead(500).end('{}');
  });
  await new Promise<void>((resolve) => issuer.listen(0, '127.0.0.1', resolve));
  const timers = new ManualTimers();
  const directory = new DirectoryTokens({ issuer: `http://127.0.0.1:${(issuer.address() as AddressInfo).port}`, audiences: ['a'] }, timers);
  const refused = (): Promise<unknown> => expect(directory.verify('a.b.c', 'A token')).rejects.toMatchObject({ status: 401 });
  await Promise.all(Array.from({ length: 20 }, refused));
  await refused();
  expect(asked).toBe(1);
  timers.advance(5_000);
  await refused();
  expect(asked).toBe(2);
  issuer.close();
});
