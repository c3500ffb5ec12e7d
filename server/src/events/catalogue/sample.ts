/** What the data of a sample is made with. */
export interface SampleContext {
  /** Id of the resource that it is about. */
  readonly sourceId: string;
  readonly atMs: number;
  readonly uuid: () => string;
}

/** Makes data that is true to the schema of its type, and about new things each time. */
export type Sample = (context: SampleContext) => Readonly<Record<string, unknown>>;

/** ISO 8601, some milliseconds before or after the event. */
export function isoAt({ atMs }: SampleContext, offsetMs = 0): string {
  return new Date(atMs + offsetMs).toISOString();
}

/** A communication user of the resource. */
export function sampleUser({ sourceId, uuid: newUuid }: SampleContext): { readonly rawId: string; readonly communicationUser: object } {
  const rawId = `8:acs:${sourceId}_${newUuid()}`;
  return { rawId, communicationUser: { id: rawId } };
}
