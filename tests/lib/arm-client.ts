import { EventGridManagementClient, type EventSubscription } from '@azure/arm-eventgrid';
import type { TestServer } from './server.ts';

export const SUBSCRIPTION_ID = '00000000-0000-0000-0000-000000000000';
export const GROUP = 'local';

/** The published management client, with the admin key for its token. */
export function armClient(server: TestServer, subscriptionId = SUBSCRIPTION_ID): EventGridManagementClient {
  const credential = { getToken: () => Promise.resolve({ token: server.ready.adminKey, expiresOnTimestamp: Date.now() + 3_600_000 }) };
  return new EventGridManagementClient(credential, subscriptionId, { endpoint: server.endpoint });
}

/** Id of a communication resource. */
export function resourceScope(name = 'local'): string {
  return `/subscriptions/${SUBSCRIPTION_ID}/resourceGroups/${GROUP}/providers/Microsoft.Communication/communicationServices/${name}`;
}

export function topicScope(name: string): string {
  return `/subscriptions/${SUBSCRIPTION_ID}/resourceGroups/${GROUP}/providers/Microsoft.EventGrid/topics/${name}`;
}

/** A subscription of a webhook. */
export function toWebhook(endpointUrl: string, more: Partial<EventSubscription> = {}): EventSubscription {
  return { destination: { endpointType: 'WebHook', endpointUrl }, ...more };
}

/** What a list of the client gives, all pages of it. */
export async function all<T>(list: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of list) found.push(item);
  return found;
}

/** How a call was refused: status and code, and what the caller reads. */
export async function refusalOf(
  call: Promise<unknown>,
): Promise<{ readonly status: number; readonly code: string; readonly message: string }> {
  try {
    await call;
  } catch (error) {
    const { statusCode = 0, code = '', message } = error as { statusCode?: number; code?: string; message: string };
    return { status: statusCode, code, message };
  }
  throw new Error('the call was not refused');
}

/** The body of a bare request that subscribes a webhook. */
export function toProperties(endpointUrl: string) {
  return { destination: { endpointType: 'WebHook', properties: { endpointUrl } } };
}

/** Calls resource management as it is, with the admin key. */
export function callArm(
  server: TestServer,
  method: string,
  { target, body, headers = {} }: { readonly target: string; readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> },
): Promise<Response> {
  return fetch(new URL(server.endpoint).origin + target, {
    method,
    headers: { authorization: `Bearer ${server.ready.adminKey}`, 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}
