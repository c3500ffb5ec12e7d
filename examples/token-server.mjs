// A token server: the part of a web application that may hold the access key. The page gets tokens from here and never sees the key.
//
//   NODE_EXTRA_CA_CERTS=.switchboard/tls/ca.pem npx node examples/token-server.mjs
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import { CommunicationIdentityClient } from '@azure/communication-identity';

const connectionString =
  process.env.CONNECTION_STRING ?? 'endpoint=https://localhost:8443/;accesskey=c3dpdGNoYm9hcmQtbG9jYWwtZGV2ZWxvcG1lbnQta2V5LTAwMQ==';
const endpoint = /endpoint=([^;]+)/.exec(connectionString)[1];
const identities = new CommunicationIdentityClient(connectionString);
// Keep it in a secret store, the same for all processes, when sessions should outlive a restart.
const sessionSecret = process.env.SESSION_SECRET ?? randomBytes(32);

const ROUTES = { 'GET /': page, 'POST /session': signIn, 'POST /token': freshToken };

/** Put your own sign-in here, and look up the communication user that belongs to the person: one each, kept for good. */
async function signIn(_request, response) {
  const { user, token, expiresOn } = await identities.createUserAndToken(['chat']);
  const userId = user.communicationUserId;
  response.setHeader('set-cookie', `session=${sessionOf(userId)}; HttpOnly; SameSite=Strict; Path=/`);
  json(response, 200, { endpoint, userId, token, expiresOn });
}

/** What the page's `tokenRefresher` calls. */
async function freshToken(request, response) {
  const userId = userOf(request.headers.cookie);
  if (userId === undefined) return json(response, 401, { error: 'Sign in first: POST /session.' });
  json(response, 200, await identities.getToken({ communicationUserId: userId }, ['chat']));
}

/** A cookie that names the user, and cannot be made by anybody else. */
function sessionOf(userId) {
  const name = Buffer.from(userId).toString('base64url');
  return `${name}.${signatureOf(name)}`;
}

function userOf(cookies = '') {
  const [, name, signature] = /(?:^|; )session=([\w-]+)\.([\w-]+)/.exec(cookies) ?? [];
  if (name === undefined) return undefined;
  const [given, right] = [Buffer.from(signature), Buffer.from(signatureOf(name))];
  return given.length === right.length && timingSafeEqual(given, right) ? Buffer.from(name, 'base64url').toString() : undefined;
}

function signatureOf(name) {
  return createHmac('sha256', sessionSecret).update(name).digest('base64url');
}

function json(response, status, body) {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}

/** In your page, the refresher goes into `new AzureCommunicationTokenCredential({ token, tokenRefresher, refreshProactively: true })`. */
function page(_request, response) {
  response.setHeader('content-type', 'text/html; charset=utf-8');
  response.end(`<!doctype html><meta charset="utf-8"><title>Token server</title><pre></pre><script type="module">
const post = async (path) => (await fetch(path, { method: 'POST' })).json();
const tokenRefresher = async () => (await post('/token')).token;

const { endpoint, userId, expiresOn } = await post('/session');
const chat = await fetch(endpoint + 'chat/threads?api-version=2025-03-15', { headers: { authorization: 'Bearer ' + await tokenRefresher() } });
document.querySelector('pre').textContent = 'You are ' + userId + ' until ' + expiresOn + '. The chat answers ' + chat.status + '.';
</script>`);
}

const server = createServer(async (request, response) => {
  const route = ROUTES[`${request.method} ${request.url}`];
  if (route === undefined) return json(response, 404, { error: `Only ${Object.keys(ROUTES).join(', ')}.` });
  try {
    await route(request, response);
  } catch (error) {
    console.error(error.message);
    json(response, 502, { error: `No token: ${endpoint} did not answer as expected. Does it run?` });
  }
});
server.on('error', ({ message }) => {
  console.error(message);
  process.exitCode = 1;
});
server.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => console.log(`token server: http://localhost:${server.address().port}/`));
