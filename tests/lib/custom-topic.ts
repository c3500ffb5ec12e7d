import { createHmac } from 'node:crypto';
import { AzureKeyCredential, EventGridPublisherClient } from '@azure/eventgrid';
import type { TestServer } from './server.ts';

export interface Topic {
  readonly name: string;
  /** On the plain listener. */
  readonly endpoint: string;
  readonly key1: string;
  readonly key2: string;
}

/** What a publisher says of an event; its client adds id and time. */
export const ORDER = { eventType: 'Orders.Placed', subject: 'orders/1', dataVersion: '1', data: { total: 5 } } as const;
/** The same whole. */
export const WHOLE_ORDER = { ...ORDER, id: '1', eventTime: '2026-01-31T10:00:00Z' } as const;

let made = 0;

/** A custom topic under a name of its own. */
export async function newTopic(server: TestServer, inputSchema = 'EventGridSchema', more: object = {}): Promise<Topic> {
  made += 1;
  const { status, body } = await server.admin<Topic>('POST', '/admin/events/topics', { name: `topic-${made}`, inputSchema, ...more });
  if (status !== 201) throw new Error(`the topic was refused: ${JSON.stringify(body)}`);
  return body;
}

/** Keys go over plain HTTP only when the client is told so. */
export const OVER_HTTP = { allowInsecureConnection: true };

export function publisherOf(topic: Topic, key = topic.key1): EventGridPublisherClient<'EventGrid'> {
  return new EventGridPublisherClient(topic.endpoint, 'EventGrid', new AzureKeyCredential(key), OVER_HTTP);
}

/** What a bare request says of itself. */
interface Bare {
  /** The key of the topic by default. */
  readonly credential?: Readonly<Record<string, string>>;
  readonly contentType?: string;
  readonly query?: string;
}

/** Publishes as bare HTTP. */
export function publishBare({ endpoint, key1 }: Topic, body: unknown, bare: Bare = {}): Promise<Response> {
  const { credential = { 'aeg-sas-key': key1 }, contentType = 'application/json', query = '?api-version=2018-01-01' } = bare;
  const headers = { 'content-type': contentType, ...credential };
  return fetch(`${endpoint}${query}`, { method: 'POST', headers, body: JSON.stringify(body) });
}

/** A signature that lets publish, or is wrong in one thing. */
export function signatureOf(
  { endpoint, key1 }: Topic,
  wrong: { readonly endpoint?: string; readonly expiry?: string; readonly key?: string } = {},
): string {
  const resource = encodeURIComponent(`${wrong.endpoint ?? endpoint}?apiVersion=2018-01-01`);
  const text = `r=${resource}&e=${encodeURIComponent(wrong.expiry ?? usDate(Date.now() + 3_600_000))}`;
  const key = Buffer.from(wrong.key ?? key1, 'base64');
  return `${text}&s=${encodeURIComponent(createHmac('sha256', key).update(text).digest('base64'))}`;
}

/** `11/22/2026 10:21:35 AM`, in UTC. */
export function usDate(ms: number): string {
  return new Date(ms).toLocaleString('en-US', { timeZone: 'UTC' }).replace(',', '').replaceAll('\u202f', ' ');
}
