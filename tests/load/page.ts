import { bearer, type ChatApi, type User } from './clients/chat-api.ts';
import { formatRequest, type HttpRequest } from './clients/http-client.ts';
import { markedText } from './clients/marker.ts';
import { switchboard } from './contestants/switchboard.ts';
import type { BenchOptions } from './options.ts';
import { compare, type Row } from './report.ts';
import { cpuUsPerRequest } from './requests.ts';
import { withServer } from './rounds.ts';

const smallThread = 10;
const pageSize = 10;
const deepPages = 1000;
const sendsInFlight = 64;
const progressEvery = 100_000;

/** Requests for one page each. */
interface Listings {
  /** The newest page of a thread of 10 messages. */
  readonly small: string;
  /** The newest page of the big thread. */
  readonly big: string;
  /** A page far back in the big thread, reached by following the links. */
  readonly deep: string;
}

/** Server CPU per listed page: in a big thread, at its end and far back, against a thread of ten messages. */
export async function* benchPage(options: BenchOptions): AsyncGenerator<Row> {
  const samples = await withServer(switchboard(options.cores.server), async ({ api, pid }) =>
    cpuUsPerRequest({ http: api.http, pid, requests: await makeListings(api, options) }, options),
  );
  const names = { bench: 'page', peer: `${smallThread}-messages`, metric: 'cpu_us_per_page', unit: 'us' };
  const theirs = samples.map(({ small }) => small);
  yield compare({ ...names, shape: `${options.messages}-messages` }, { ours: samples.map(({ big }) => big), theirs });
  yield compare({ ...names, shape: `${options.messages}-messages-deep` }, { ours: samples.map(({ deep }) => deep), theirs });
}

async function makeListings(api: ChatApi, { messages, progress }: BenchOptions): Promise<Listings> {
  const user = await api.createUser();
  const smallId = await filledThread(api, { user, messages: smallThread, progress });
  const bigId = await filledThread(api, { user, messages, progress });
  const big = api.listRequest(user, bigId, pageSize);
  const deep = await followLinks(api, { user, first: big, pages: Math.min(deepPages, Math.floor(messages / pageSize / 2)) });
  const format = (request: HttpRequest): string => formatRequest(api.http.authority, request);
  return { small: format(api.listRequest(user, smallId, pageSize)), big: format(big), deep: format(deep) };
}

interface Filling {
  readonly user: User;
  readonly messages: number;
  readonly progress: (text: string) => void;
}

/** A thread of its own for the user, with so many messages sent over HTTP. */
async function filledThread(api: ChatApi, { user, messages, progress }: Filling): Promise<string> {
  const threadId = await api.createThread([user]);
  const request = api.sendRequest(user, threadId);
  let sent = 0;
  async function worker(): Promise<void> {
    while (sent < messages) {
      sent += 1;
      if (sent % progressEvery === 0) progress(`${sent} of ${messages} messages`);
      await api.send(request(markedText(sent)));
    }
  }
  await Promise.all(Array.from({ length: sendsInFlight }, worker));
  return threadId;
}

interface Page {
  readonly value: readonly unknown[];
  readonly nextLink?: string;
}

/** The request for the page that follows after so many pages. */
async function followLinks(api: ChatApi, { user, first, pages }: { user: User; first: HttpRequest; pages: number }): Promise<HttpRequest> {
  let request = first;
  for (let page = 0; page < pages; page += 1) {
    const { value, nextLink } = await api.call<Page>(request, 200);
    if (value.length !== pageSize || nextLink === undefined) throw new Error(`page ${page} of the big thread is short`);
    const { pathname, search } = new URL(nextLink);
    request = { method: 'GET', target: `${pathname}${search}`, headers: bearer(user) };
  }
  return request;
}
