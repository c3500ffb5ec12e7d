export type { NewEvent } from './event.ts';
export { eventErrors } from './errors.ts';
export { Events } from './events.ts';
export type { EventSource, EventSources } from './sources.ts';
export type { LoggedEvent, LogQuery } from './log/logged-event.ts';
export { eventMigrations } from './migrations.ts';
export { eventGridEnvelope } from './delivery/envelopes.ts';
export type { Subscription } from './subscriptions/subscription.ts';
