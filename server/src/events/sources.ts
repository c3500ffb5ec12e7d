import type { InputSchema } from '@switchboard/contract';

/** What has events: a resource, or a custom topic. */
export interface EventSource {
  readonly id: string;
  readonly name: string;
  /** ARM id, as events name it. */
  readonly topic: string;
  /** `EventGridSchema` by default, as resources have it. */
  readonly inputSchema?: InputSchema;
}

/** Finds the sources of events; supplied by who owns them. */
export interface EventSources {
  byId(id: string): EventSource | undefined;
  byName(name: string): EventSource | undefined;
}
