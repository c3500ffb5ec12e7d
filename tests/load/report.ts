import { median } from './stats.ts';

/** One figure, as `--json` prints it. `ratio` is ours ÷ theirs. */
export interface Row {
  readonly bench: string;
  readonly shape: string;
  /** Whom `theirs` belongs to: a product, another shape of ours, or `goal`. */
  readonly peer: string;
  readonly metric: string;
  readonly ours: number;
  readonly theirs: number;
  readonly unit: string;
  readonly ratio: number;
  readonly rounds: number;
}

/** Makes a row of the medians of what was measured, one value a round. A goal is given as a single value. */
export function compare(
  names: Pick<Row, 'bench' | 'shape' | 'peer' | 'metric' | 'unit'>,
  values: { readonly ours: readonly number[]; readonly theirs: readonly number[] },
): Row {
  const ours = median(values.ours);
  const theirs = median(values.theirs);
  return {
    bench: names.bench,
    shape: names.shape,
    peer: names.peer,
    metric: names.metric,
    ours: round(ours),
    theirs: round(theirs),
    unit: names.unit,
    ratio: round(ours / theirs),
    rounds: values.ours.length,
  };
}

/** The rows as a table for people, without a final newline. */
export function formatTable(rows: readonly Row[]): string {
  const header = ['bench', 'shape', 'metric', 'ours', 'theirs', 'ratio', 'unit', 'peer', 'rounds'] as const;
  const lines = [header.map(String), ...rows.map((row) => header.map((column) => String(row[column])))];
  const widths = header.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** The rows as a Markdown table for the docs: a line for each shape and metric, a column for each peer with its figure and the ratio. */
export function formatMarkdown(rows: readonly Row[]): string {
  const peers = [...new Set(rows.map(({ peer }) => peer))];
  const lines = Map.groupBy(rows, ({ shape, metric, unit }) => `${shape} | ${metric.replace(/_(?:ms|kb|us)$/, '')}, ${unit}`);
  const cells = [...lines].map(([names, [first, ...others]]) => {
    const ofPeers = peers.map((peer) => [first, ...others].find((row) => row?.peer === peer));
    return [
      names,
      grouped(first?.ours),
      ...ofPeers.map((row) => (row === undefined ? '' : `${grouped(row.theirs)} (${grouped(row.ratio)})`)),
    ];
  });
  return [['shape | figure', 'ours', ...peers.map((peer) => `${peer} (ratio)`)], ['--- | ---', '---', ...peers.map(() => '---')], ...cells]
    .map((line) => `| ${line.join(' | ')} |`)
    .join('\n');
}

/** With a comma before each three digits. */
function grouped(value: number | undefined): string {
  return value?.toLocaleString('en-US', { maximumSignificantDigits: 21 }) ?? '';
}

/** Three significant digits, or whole numbers above 1,000. */
function round(value: number): number {
  return Math.abs(value) >= 1000 ? Math.round(value) : Number(value.toPrecision(3));
}
