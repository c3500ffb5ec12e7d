import { createHmac, hash } from 'node:crypto';
import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import type { OperationAuth } from '@switchboard/contract';
import { Closer } from './closer.ts';
import { checkSettings } from './config/index.ts';
import { openFoundation } from './foundation.ts';
import { realNow } from './lib/clock.ts';
import { createLog } from './lib/log.ts';
import { openServices, type Services } from './services.ts';

// What judging the credentials of one request costs, in CPU microseconds, as one line of JSON: `npm run bench -- auth`.
const CALLS = 40_000;
const HOST = { host: 'localhost:8443', hostname: 'localhost' };
const TARGET = '/chat/threads/19%3Aabc%40thread.v2/messages?api-version=2025-03-15';
const BODY = '{"content":"hello","type":"text"}';
const BODY_BYTES = Buffer.from(BODY);

const closer = new Closer();
const base = await openFoundation(checkSettings({ memory: 'true' }), createLog('silent'), closer);
const services = await openServices(base, () => Promise.resolve(new URL('http://localhost')));
const { resources, defaultResource, identities } = services;
const key = resources.byName(defaultResource.name).accessKeys[0];
const { token } = await identities.create(
  { resource: defaultResource, key: { slot: 'primary', version: key?.version ?? 1 } },
  { token: { scopes: ['chat'] } },
);

const result = {
  token: await cpuUsPerCall('userToken', { authorization: `Bearer ${token?.token ?? ''}` }),
  signature: await cpuUsPerCall('accessKey', signed(defaultResource.primaryKey)),
};
process.stdout.write(`${JSON.stringify(result)}\n`);
await closer.close();

async function cpuUsPerCall(auth: OperationAuth, headers: Readonly<Record<string, string>>): Promise<number> {
  const request = requestWith(headers);
  for (let i = 0; i < CALLS / 4; i++) await judge(services, auth, request);
  const before = process.cpuUsage();
  for (let i = 0; i < CALLS; i++) await judge(services, auth, request);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / CALLS;
}

async function judge({ authenticator }: Services, auth: OperationAuth, request: IncomingMessage): Promise<void> {
  const exchange = {
    requestId: '',
    startedMs: 0,
    method: 'POST',
    target: TARGET,
    routed: TARGET,
    encrypted: true,
    isAdmin: false,
    route: undefined,
    allowedMethods: [],
    host: HOST.host,
  };
  const caller = await authenticator.authenticate({
    auth,
    request,
    host: HOST,
    exchange: { ...exchange, caller: undefined, rawBody: undefined, signedContentHash: undefined, refusal: undefined, fault: undefined },
  });
  // The body's hash is part of judging a signature.
  if (caller.kind === 'accessKey') hash('sha256', BODY_BYTES, 'base64');
}

function requestWith(headers: Readonly<Record<string, string>>): IncomingMessage {
  const request = new IncomingMessage(new Socket());
  request.method = 'POST';
  for (const [name, value] of Object.entries({ host: HOST.host, ...headers })) {
    request.headers[name] = value;
    request.rawHeaders.push(name, value);
  }
  return request;
}

function signed(accessKey: string): Record<string, string> {
  const date = new Date(realNow()).toUTCString();
  const contentHash = hash('sha256', BODY, 'base64');
  const text = `POST\n${TARGET}\n${date};${HOST.host};${contentHash}`;
  const signature = createHmac('sha256', Buffer.from(accessKey, 'base64')).update(text).digest('base64');
  const authorization = `HMAC-SHA256 SignedHeaders=x-ms-date;host;x-ms-content-sha256&Signature=${signature}`;
  return { 'x-ms-date': date, 'x-ms-content-sha256': contentHash, authorization };
}
