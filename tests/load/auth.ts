import { signRequest } from './clients/access-key.ts';
import { bearer, type ChatApi } from './clients/chat-api.ts';
import { formatRequest } from './clients/http-client.ts';
import { switchboard } from './contestants/switchboard.ts';
import type { BenchOptions } from './options.ts';
import { compare, type Row } from './report.ts';
import { cpuUsPerRequest } from './requests.ts';
import { withServer } from './rounds.ts';

const goalUs = 10;

/**
 * What checking a known token, or a signature, costs at most: the CPU of a cheap authenticated GET less that of
 * `GET /health`, which needs no credentials. The difference holds what else the authenticated route does
 * (api-version, a point read), so the check itself is cheaper than the figure.
 */
export async function* benchAuth(options: BenchOptions): AsyncGenerator<Row> {
  const samples = await withServer(switchboard(options.cores.server), async ({ api, pid }) =>
    cpuUsPerRequest({ http: api.http, pid, requests: await makeRequests(api) }, options),
  );
  const names = { bench: 'auth', peer: 'goal', metric: 'cpu_us_per_check', unit: 'us' };
  const theirs = [goalUs];
  yield compare({ ...names, shape: 'token' }, { ours: samples.map(({ token, open }) => token - open), theirs });
  yield compare({ ...names, shape: 'signature' }, { ours: samples.map(({ signature, open }) => signature - open), theirs });
}

/** One request of each kind; the signed one stays valid for the minutes a bench takes. */
async function makeRequests(api: ChatApi): Promise<Record<'open' | 'token' | 'signature', string>> {
  const user = await api.createUser();
  const { authority } = api.http;
  const identity = { method: 'GET', target: `/identities/${encodeURIComponent(user.id)}?api-version=2025-06-30` };
  const config = { method: 'GET', target: '/chat/config/realTimeNotifications?api-version=2024-09-01' };
  return {
    open: formatRequest(authority, { method: 'GET', target: '/health' }),
    token: formatRequest(authority, { ...config, headers: bearer(user) }),
    signature: formatRequest(authority, { ...identity, headers: signRequest(api.accessKey, identity) }),
  };
}
