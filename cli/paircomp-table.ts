import {
  bootstrapIntervals,
  CATEGORIES,
  type Intervals,
  isOfPaper,
  type Means,
  type ScoredPair,
  summarize,
} from '@/lib/paircomp';

/** Sums up as `--json` prints it: fractions. Categories without a scored pair are left out. */
export function summaryJson(scored: readonly ScoredPair[]) {
  const { categories, average } = summarize(scored);
  return {
    categories: Object.fromEntries(
      [...categories].map(([category, { sa, sg, gap, pairs }]) => [category, { sa, sg, gap, pairs }]),
    ),
    average,
  };
}

const percent = (value: number) => (100 * value).toFixed(1);
const span = (intervals: Intervals | null | undefined, measure: keyof Means) =>
  intervals ? `[${percent(intervals[measure][0])}, ${percent(intervals[measure][1])}]` : '';

/** The same for people: percent, with 95 % bootstrap intervals over pairs. */
export function summaryTable(scored: readonly ScoredPair[]): string {
  const { categories, average } = summarize(scored);
  if (categories.size === 0) return 'No pair has all its scores.';
  const intervals = bootstrapIntervals(scored);
  const ofPaper = [...categories].filter(([category]) => isOfPaper(category));
  const row = (name: string, pairs: number, means: Means, of: Intervals | null | undefined) => [
    name,
    String(pairs),
    ...(['sa', 'sg', 'gap'] as const).flatMap((measure) => [percent(means[measure]), span(of, measure)]),
  ];
  const rows = [
    ['', 'pairs', 's_a', '95 %', 's_g', '95 %', 'gap', '95 %'],
    ...[...categories].map(([category, means]) =>
      row(category, means.pairs, means, intervals.categories.get(category)),
    ),
    ...(average === null
      ? []
      : [
          row(
            `average of ${ofPaper.length} of ${CATEGORIES.length}`,
            ofPaper.reduce((sum, [, { pairs }]) => sum + pairs, 0),
            average,
            intervals.average,
          ),
        ]),
  ];
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0)));
  return rows
    .map((cells) =>
      cells
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
