/** One limit with its value under both published presets; `null` means not limited. */
export interface LimitRow {
  readonly unit: string;
  readonly description: string;
  /** The highest value the server takes, and what it goes by when `null` lifts the limit. */
  readonly ceiling?: number;
  /** Of a rate: the span in which calls are counted. */
  readonly windowSeconds?: number;
  readonly handbook: number | null;
  readonly azure: number | null;
  /** Where the numbers come from. */
  readonly source: string;
}
