import type { InputSchema, InputSchemaMapping } from '@switchboard/contract';

interface Named {
  readonly id: string;
  /** In lower case. */
  readonly name: string;
  readonly createdAtMs: number;
}

/** A source of events of the users' own. All but id, name and time is stored as JSON: never rename a member. */
export interface CustomTopic extends Named {
  readonly location: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly inputSchema: InputSchema;
  /** Of `CustomEventSchema` alone. */
  readonly mapping?: InputSchemaMapping;
  readonly disableLocalAuth: boolean;
  readonly dataResidencyBoundary?: string;
  /** Base64. */
  readonly key1: string;
  readonly key2: string;
}

/** Another name for the events of a resource, with subscriptions below it. Stored like {@link CustomTopic}. */
export interface SystemTopic extends Named {
  readonly tags?: Readonly<Record<string, string>>;
  /** Id of the resource. */
  readonly sourceId: string;
}
