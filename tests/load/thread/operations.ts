import { bearer, type ChatApi, type User } from '../clients/chat-api.ts';
import { formatRequest, type HttpRequest } from '../clients/http-client.ts';
import { markedText } from '../clients/marker.ts';
import type { RequestKind } from '../requests.ts';
import { filledThread } from './fill.ts';

const listedMessages = 10;
const editedMessages = 100;
const mostLinks = 1000;

interface Page {
  readonly value: readonly { readonly id: string }[];
  readonly nextLink?: string;
}

/** What the bench does in one thread. */
export type Operation = 'send' | 'list' | 'edit';
export type SizedKinds = Readonly<Record<`${Operation}-small` | `${Operation}-big` | 'list-deep', RequestKind>>;

export interface SizedThreads {
  readonly api: ChatApi;
  readonly user: User;
  readonly big: { readonly threadId: string; readonly messages: number };
  /** Messages of a small thread. Sends go to a fresh one for each stretch, since they make it grow. */
  readonly smallMessages: number;
}

/** The same requests against a big and a small thread. Edits go to messages in the middle. */
export async function sizedKinds({ api, user, big, smallMessages }: SizedThreads): Promise<SizedKinds> {
  const small = {
    threadId: await filledThread(api, { user, messages: smallMessages, progress: () => undefined }),
    messages: smallMessages,
  };
  const makeSmall = (): Promise<string> => filledThread(api, { user, messages: smallMessages, progress: () => undefined });
  const list = (request: HttpRequest): RequestKind => repeated(200, formatRequest(api.http.authority, request));
  return {
    'send-small': sends(api, user, makeSmall),
    'send-big': sends(api, user, () => Promise.resolve(big.threadId)),
    'list-small': list(api.listRequest(user, small.threadId, listedMessages)),
    'list-big': list(api.listRequest(user, big.threadId, listedMessages)),
    'list-deep': list(await middlePage(api, user, { ...big, pageSize: listedMessages })),
    'edit-small': await edits(api, user, small),
    'edit-big': await edits(api, user, big),
  };
}

function repeated(status: number, text: string): RequestKind {
  return { status, prepare: () => Promise.resolve(() => text) };
}

function sends(api: ChatApi, user: User, threadOf: () => Promise<string>): RequestKind {
  return {
    status: 201,
    prepare: async () => {
      const request = api.sendRequest(user, await threadOf());
      let sent = 0;
      return () => request(markedText((sent += 1)));
    },
  };
}

interface Place {
  readonly threadId: string;
  readonly messages: number;
}

/** Edits take turns on so many messages that two of the same are never under way at once. */
async function edits(api: ChatApi, user: User, place: Place): Promise<RequestKind> {
  const request = await middlePage(api, user, { ...place, pageSize: Math.min(editedMessages, place.messages / 2) });
  const { value } = await api.call<Page>(request, 200);
  const texts = value.map(({ id }) =>
    formatRequest(api.http.authority, api.editRequest(user, { ...place, messageId: id, content: markedText(0) })),
  );
  let edited = 0;
  return { status: 204, prepare: () => Promise.resolve(() => texts[(edited += 1) % texts.length] ?? '') };
}

/** The request for the page in the middle of a thread, or 1,000 links deep if that is nearer. */
async function middlePage(
  api: ChatApi,
  user: User,
  { threadId, messages, pageSize }: Place & { readonly pageSize: number },
): Promise<HttpRequest> {
  const pages = Math.min(mostLinks, Math.floor(messages / pageSize / 2));
  let request = api.listRequest(user, threadId, pageSize);
  for (let page = 0; page < pages; page += 1) {
    const { value, nextLink } = await api.call<Page>(request, 200);
    if (value.length !== pageSize || nextLink === undefined) throw new Error(`page ${page} of a thread of ${messages} messages is short`);
    const { pathname, search } = new URL(nextLink);
    request = { method: 'GET', target: `${pathname}${search}`, headers: bearer(user) };
  }
  return request;
}
