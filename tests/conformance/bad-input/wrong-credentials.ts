import { randomBytes } from 'node:crypto';
import type { Operation } from '@switchboard/contract';
import { decodeJwt, editJwt, makeJwt } from '../../lib/jwt.ts';
import { PERSON, type BareCall, type Ground, type Headers } from './ground.ts';
import type { Scene } from './scene.ts';

/** Credentials that must not work, and the statuses that may say so. */
export interface WrongCredentials {
  readonly name: string;
  readonly headers: Headers;
  readonly statuses: readonly number[];
}

/** What no operation takes, and all that this operation's kind can be wrong about. */
export function wrongCredentials(operation: Operation, scene: Scene, call: BareCall): WrongCredentials[] {
  const specific: Readonly<Record<Operation['auth'], () => Record<string, Headers>>> = {
    none: () => ({}),
    admin: () => ({
      'a user token': bearer(scene.user.token),
      'an access key as bearer': bearer(scene.ground.key),
      'a signature': scene.ground.signature(call),
    }),
    arm: () => ({
      'a user token': bearer(scene.user.token),
      'an access key as bearer': bearer(scene.ground.key),
      'a signature': scene.ground.signature(call),
    }),
    topicKey: () => ({
      'a user token': bearer(scene.user.token),
      'the admin key': adminKey(scene.ground),
      'the admin key as a key': { 'aeg-sas-key': scene.ground.server.ready.adminKey },
      'half a key': { 'aeg-sas-key': scene.ground.topic.key1.slice(0, 20) },
      'a signature that is none': { 'aeg-sas-token': 'r=a&e=b&s=c' },
      'a signature': scene.ground.signature(call),
    }),
    accessKey: () => ({
      ...wrongSignatures(scene.ground, call),
      'a user token': bearer(scene.user.token),
      'the admin key': adminKey(scene.ground),
    }),
    userToken: () => ({ ...wrongTokens(scene), 'a signature': scene.ground.signature(call), 'the admin key': adminKey(scene.ground) }),
    entraUser: () => ({
      ...wrongDirectoryTokens(scene.ground),
      'a user token': bearer(scene.user.token),
      'a signature': scene.ground.signature(call),
    }),
  };
  const unauthorized = Object.entries({ ...FOREIGN, ...specific[operation.auth]() });
  const refused = unauthorized.map(([name, headers]) => ({ name, headers, statuses: [401] }));
  return operation.auth === 'userToken'
    ? [...refused, { name: 'the other scope', headers: bearer(scene.ground.voipOnly.token), statuses: [403] }]
    : refused;
}

const FOREIGN: Readonly<Record<string, Headers>> = {
  nothing: {},
  'an empty header': { authorization: '' },
  garbage: { authorization: 'q\u00e9 \t;;=&' },
  'another scheme': { authorization: `Basic ${Buffer.from('admin:admin').toString('base64')}` },
  'an empty bearer': { authorization: 'Bearer ' },
  'a bearer that is no token': { authorization: 'Bearer undefined' },
  'a signature without parts': { authorization: 'HMAC-SHA256 ' },
  'a signature that is none': { authorization: 'HMAC-SHA256 SignedHeaders=x-ms-date;host;x-ms-content-sha256&Signature=AAAA' },
};

function wrongSignatures(ground: Ground, call: BareCall): Record<string, Headers> {
  const { primaryKey: otherKey, name } = ground.otherResource;
  const other = { host: `${name}.localhost` };
  return {
    'a signature with an unknown key': ground.signature(call, { key: randomBytes(64).toString('base64') }),
    'a signature of another method': ground.signature(call, { method: 'OPTIONS' }),
    'a signature of another target': ground.signature(call, { target: `${call.target}&x=1` }),
    'a signature of another body': ground.signature(call, { contentHash: randomBytes(32).toString('base64') }),
    'a signature of another host': ground.signature(call, { host: 'elsewhere.example' }),
    'a signature of yesterday': ground.signature(call, { date: new Date(Date.now() - 86_400_000).toUTCString() }),
    'a signature of no date': ground.signature(call, { date: 'never' }),
    "a signature for the other resource's host": { ...ground.signature(call, other), ...other },
    "the other resource's key on this one's host": {
      ...ground.signature(call, { key: otherKey, host: 'local.localhost' }),
      host: 'local.localhost',
    },
    'a signature that leaves out the host': withoutHost(ground.signature(call)),
  };
}

function wrongTokens({ ground, user }: Scene): Record<string, Headers> {
  const { header, claims } = decodeJwt(user.token);
  return {
    'an expired token': bearer(ground.expired.token),
    'a token of a deleted user': bearer(ground.deleted.token),
    'a token with an edited payload': bearer(editJwt(user.token, 'payload')),
    'a token with more scopes': bearer(withClaims(ground.voipOnly.token, { acsScope: 'chat,voip' })),
    'a token without signature': bearer(makeJwt({ header: { ...header, alg: 'none' }, claims })),
    "a token on another resource's host": { ...bearer(user.token), host: `${ground.otherResource.name}.localhost` },
    "another resource's token on this one's host": { ...bearer(ground.otherUser.token), host: 'local.localhost' },
  };
}

function wrongDirectoryTokens({ issuer, key, server }: Ground): Record<string, Headers> {
  const valid = issuer.token({ claims: { ...PERSON, scp: 'Chat' } });
  return {
    'an expired directory token': bearer(issuer.token({ claims: { ...PERSON, scp: 'Chat', exp: 1_000_000_000 } })),
    'a directory token for somebody else': bearer(issuer.token({ claims: { ...PERSON, scp: 'Chat', aud: 'https://elsewhere.example' } })),
    'a directory token of another issuer': bearer(issuer.token({ claims: { ...PERSON, scp: 'Chat', iss: 'https://elsewhere.example' } })),
    'a directory token signed by a secret': bearer(issuer.token({ claims: PERSON, header: { alg: 'HS256' }, key: issuer.publicKeyPem })),
    'an edited directory token': bearer(editJwt(valid, 'payload')),
    'an access key as bearer': bearer(key),
    'the admin key': bearer(server.ready.adminKey),
  };
}

/** The token with other claims under its old signature. */
function withClaims(token: string, changed: object): string {
  const [header = '', , signature = ''] = token.split('.');
  return `${header}.${Buffer.from(JSON.stringify({ ...decodeJwt(token).claims, ...changed })).toString('base64url')}.${signature}`;
}

function withoutHost(signed: Headers): Headers {
  return { ...signed, authorization: signed['authorization']!.replace(';host', '') };
}

function adminKey(ground: Ground): Headers {
  return bearer(ground.server.ready.adminKey);
}

function bearer(token: string): Headers {
  return { authorization: `Bearer ${token}` };
}
