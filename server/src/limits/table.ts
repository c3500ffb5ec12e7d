import { CHAT_RATES } from './chat-rates.ts';
import type { LimitRow } from './limit-row.ts';
import { SMS_LIMITS } from './sms-limits.ts';

export type { LimitRow };

/**
 * Every number the server enforces. `handbook` has the handbook's number wherever it names one and Azure's sizes
 * elsewhere; `azure` is strict Azure. Whatever refuses asks this table and names the limit in its refusal.
 */
export const LIMITS = {
  'identity.token-minutes-min': {
    unit: 'minutes',
    description: 'Shortest life of an access token',
    handbook: 5,
    azure: 60,
    source: 'handbook: 15-minute tokens; ACS REST: 60 to 1440',
  },
  'identity.token-minutes-max': {
    ceiling: 5_256_000,
    unit: 'minutes',
    description: 'Longest life of an access token',
    handbook: 1440,
    azure: 1440,
    source: 'ACS REST: 60 to 1440',
  },
  'identity.custom-id-characters': {
    unit: 'characters',
    description: 'Length of a custom id',
    handbook: 256,
    azure: 256,
    source: 'ACS REST 2025-03-02-preview',
  },
  'identity.create-rate': {
    unit: 'calls in 30 s',
    windowSeconds: 30,
    description: 'Creating users, by resource',
    handbook: null,
    azure: 1000,
    source: 'ACS service limits',
  },
  'identity.token-rate': {
    unit: 'calls in 30 s',
    windowSeconds: 30,
    description: 'Issuing tokens, by resource',
    handbook: null,
    azure: 1000,
    source: 'ACS service limits',
  },
  'identity.delete-rate': {
    unit: 'calls in 30 s',
    windowSeconds: 30,
    description: 'Deleting users, by resource',
    handbook: null,
    azure: 500,
    source: 'ACS service limits',
  },
  'identity.revoke-rate': {
    unit: 'calls in 30 s',
    windowSeconds: 30,
    description: 'Revoking tokens, by resource',
    handbook: null,
    azure: 500,
    source: 'ACS service limits',
  },
  'identity.exchange-rate': {
    unit: 'calls in 30 s',
    windowSeconds: 30,
    description: 'Exchanging directory tokens, by resource',
    handbook: null,
    azure: 500,
    source: 'ACS service limits',
  },
  'chat.participants-per-thread': {
    unit: 'participants',
    description: 'Participants in one thread',
    handbook: 250,
    azure: 250,
    source: 'handbook; ACS service limits',
  },
  'chat.participants-per-call': {
    unit: 'participants',
    description: 'Participants in one create or add call',
    handbook: 250,
    azure: 200,
    source: 'ACS service limits: 200 per call',
  },
  'chat.message-bytes': {
    unit: 'bytes',
    description: 'Content of one message, as UTF-8',
    handbook: 28_672,
    azure: 28_672,
    source: 'ACS service limits: about 28 KB',
  },
  'chat.topic-characters': {
    unit: 'characters',
    description: 'Topic of a thread',
    handbook: 250,
    azure: 250,
    source: 'ours; upstream names no number',
  },
  'chat.metadata-characters': {
    unit: 'characters',
    description: 'Keys and values of one metadata object together',
    handbook: 1024,
    azure: 1024,
    source: 'ACS service limits: 1 KB in all pairs',
  },
  'chat.page-size': {
    ceiling: 1_000,
    unit: 'items',
    description: 'Items in one page of messages, threads or participants',
    handbook: 200,
    azure: 200,
    source: 'ACS service limits',
  },
  'chat.message-retention-days': {
    unit: 'days',
    description: 'How long a message is kept; then it is removed for good',
    handbook: 30,
    azure: null,
    source: 'handbook; Azure keeps messages unless a thread has a policy',
  },
  ...CHAT_RATES,
  'chat.receipts-and-typing-participants': {
    unit: 'participants',
    description: 'Participants in a thread that still takes read receipts and typing notifications',
    handbook: null,
    azure: 20,
    source: 'ACS: not supported above 20 participants',
  },
  'chat.live-connections-per-user': {
    ceiling: 10_000,
    unit: 'connections',
    description: 'Open live connections of one user',
    handbook: 100,
    azure: 100,
    source: 'ours; upstream names no number',
  },
  'phone-numbers.search-quantity': {
    ceiling: 1_000,
    unit: 'phone numbers',
    description: 'Phone numbers that one search looks for',
    handbook: 100,
    azure: 100,
    source: 'ours; upstream names no number',
  },
  'phone-numbers.reservation-numbers': {
    ceiling: 1_000,
    unit: 'phone numbers',
    description: 'Phone numbers in one reservation',
    handbook: 100,
    azure: 100,
    source: 'ours; upstream names no number',
  },
  'events.subscriptions-per-source': {
    ceiling: 10_000,
    unit: 'event subscriptions',
    description: 'Event subscriptions of one resource or custom topic',
    handbook: 500,
    azure: 500,
    source: 'Event Grid quotas: 500 per topic',
  },
  'events.custom-topics': {
    ceiling: 10_000,
    unit: 'custom topics',
    description: 'Custom topics of one server',
    handbook: 100,
    azure: 100,
    source: 'Event Grid quotas: 100 in a subscription and region',
  },
  'events.system-topics': {
    ceiling: 10_000,
    unit: 'system topics',
    description: 'System topics of one server',
    handbook: 100,
    azure: 100,
    source: 'Event Grid quotas: 100 in a subscription',
  },
  'events.publish-rate': {
    unit: 'events in 1 s',
    windowSeconds: 1,
    description: 'Events published to one custom topic',
    handbook: null,
    azure: 5_000,
    source: 'Event Grid quotas: 5,000 a second',
  },
  'events.publish-bytes-rate': {
    unit: 'bytes in 1 s',
    windowSeconds: 1,
    description: 'Requests that publish to one custom topic, by their length',
    handbook: null,
    azure: 5_242_880,
    source: 'Event Grid quotas: 5 MB a second',
  },
  'events.deliveries-per-request': {
    ceiling: 1_000_000,
    unit: 'deliveries',
    description: 'Events of one request, published or triggered, times the subscriptions that want them',
    handbook: 50_000,
    azure: 50_000,
    source: 'ours: they are queued in one transaction, while which nothing else is served',
  },
  ...SMS_LIMITS,
  'fixtures.items': {
    ceiling: 100_000,
    unit: 'items',
    description: 'Users, threads, participants, messages, read receipts and phone numbers in one load of fixtures, together',
    handbook: 10_000,
    azure: 10_000,
    source: 'ours: a load is one transaction, while which nothing else is stored',
  },
  'http.body-bytes': {
    ceiling: 67_108_864,
    unit: 'bytes',
    description: 'Any request body',
    handbook: 1_048_576,
    azure: 1_048_576,
    source: 'ours; upstream names no number',
  },
  'http.unread-bytes': {
    unit: 'bytes',
    description:
      'What waits for all clients that do not read, of the whole server; beyond it those are cut who have taken nothing for the longest time',
    handbook: 268_435_456,
    azure: 268_435_456,
    source: 'ours; upstream names no number',
  },
  'resources.count': {
    ceiling: 1_000,
    unit: 'resources',
    description: 'Resources of one server',
    handbook: 1_000,
    azure: 1_000,
    source: 'ours: on a shared host the signature chooses among them',
  },
} as const satisfies Readonly<Record<string, LimitRow>>;

export type LimitName = keyof typeof LIMITS;

/** Limits on how often something may be done. */
export type RateName = { [N in LimitName]: (typeof LIMITS)[N] extends { readonly windowSeconds: number } ? N : never }[LimitName];

export function isLimitName(name: string): name is LimitName {
  return Object.hasOwn(LIMITS, name);
}
