import { type Interval, type Means, meansOf, type Run } from '@/lib/paircomp';

/** A fraction as percent without its sign, e.g. `83.5`; a dash where there is none. */
export const percent = (value: number | undefined): string => (value === undefined ? '–' : (100 * value).toFixed(1));

export const interval = ([low, high]: Interval): string => `${percent(low)}–${percent(high)}`;

/** A wait as people say it: `12 s`, `4 min`, `3 h 20 min`. */
export const wait = (ms: number): string => {
  const seconds = ms / 1000;
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 100 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
};

/** A run in a list of runs. */
export const runTitle = ({ pairsTitle, chosen, pairs }: Run): string =>
  `${pairsTitle}, ${chosen.length || pairs.length} pairs`;

export type SortKey = 'gap' | 'sa' | 'sg' | 'pair';

export interface PairRow {
  readonly index: number;
  /** Null until all its pictures have scores. */
  readonly means: Means | null;
}

export const meansOrNull = (scores: readonly number[] | undefined): Means | null =>
  scores === undefined ? null : meansOf(scores);

/** Worst first: the largest gap, the lowest means; or as in the file. Rows without numbers come last. */
export const sortRows = <R extends PairRow>(rows: readonly R[], by: SortKey, reversed: boolean): R[] => {
  const sign = reversed ? -1 : 1;
  return [...rows].sort((one, other) => {
    if (by === 'pair') return sign * (one.index - other.index);
    if (one.means === null || other.means === null)
      return Number(one.means === null) - Number(other.means === null) || one.index - other.index;
    const worse = by === 'gap' ? other.means.gap - one.means.gap : one.means[by] - other.means[by];
    return sign * worse || one.index - other.index;
  });
};
