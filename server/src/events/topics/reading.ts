import type { CustomTopic } from './topic.ts';

/** What is needed to make an event of an item. */
export interface Reading {
  readonly topic: CustomTopic;
  /** ARM id of the topic. */
  readonly topicId: string;
  readonly nowMs: number;
  readonly newKey: () => string;
  /** Where the item stands, for messages: `[3]`. */
  readonly at: string;
}
