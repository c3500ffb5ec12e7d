/** What a kept data folder holds. */
export interface Expected {
  readonly alice: string;
  readonly bob: string;
  readonly threadId: string;
  readonly topic: string;
  readonly texts: readonly string[];
  readonly secondResourceKey: string;
}
