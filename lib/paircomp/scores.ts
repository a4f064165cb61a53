import { CATEGORIES, type Category, inOrder, isOfPaper } from './categories';
import { counterRandom, hashWords } from './random';

/** Arithmetic and geometric mean of scores, and their difference: fractions, 0..1. */
export interface Means {
  readonly sa: number;
  readonly sg: number;
  readonly gap: number;
}

/** A pair with all its scores, those of caption1's pictures first. */
export interface ScoredPair {
  readonly index: number;
  readonly category: Category;
  readonly scores: readonly number[];
}

export interface CategoryMeans extends Means {
  readonly pairs: number;
}

export interface Summary {
  /** Categories without a scored pair are not in it. */
  readonly categories: ReadonlyMap<Category, CategoryMeans>;
  /** The mean of the means of the paper's categories, not of all pairs; null while there is none of them. */
  readonly average: Means | null;
}

/** The n-th root; by square roots where n allows, which every machine rounds alike. */
function root(value: number, n: number): number {
  if (n === 1) return value;
  if (n === 2) return Math.sqrt(value);
  if (n === 4) return Math.sqrt(Math.sqrt(value));
  return value ** (1 / n);
}

const meansFrom = (sa: number, sg: number): Means => ({ sa, sg, gap: sa - sg });

/** s_a and s_g over the scores of one pair (four in the paper's protocol). */
export function meansOf(scores: readonly number[]): Means {
  let sum = 0;
  let product = 1;
  for (const score of scores) {
    sum += score;
    product *= score;
  }
  return meansFrom(sum / scores.length, root(product, scores.length));
}

function meanOf(all: readonly Means[]): Means {
  let sa = 0;
  let sg = 0;
  for (const each of all) {
    sa += each.sa;
    sg += each.sg;
  }
  return meansFrom(sa / all.length, sg / all.length);
}

function byCategory(pairs: Iterable<ScoredPair>): Map<Category, Means[]> {
  const found = new Map<Category, Means[]>();
  for (const { category, scores } of pairs) {
    const group = found.get(category);
    if (group) group.push(meansOf(scores));
    else found.set(category, [meansOf(scores)]);
  }
  return new Map(inOrder(found.keys()).map((category) => [category, found.get(category) ?? []] as const));
}

/** The paper's numbers over scored pairs, which must all be of one judge. */
export function summarize(pairs: Iterable<ScoredPair>): Summary {
  const categories = new Map(
    [...byCategory(pairs)].map(([category, all]) => [category, { ...meanOf(all), pairs: all.length }]),
  );
  const ofPaper = [...categories].filter(([category]) => isOfPaper(category)).map(([, means]) => means);
  return { categories, average: ofPaper.length === 0 ? null : meanOf(ofPaper) };
}

export type Interval = readonly [low: number, high: number];
export type Intervals = Readonly<Record<keyof Means, Interval>>;

export interface SummaryIntervals {
  /** Only categories with two or more pairs. */
  readonly categories: ReadonlyMap<Category, Intervals>;
  /** Null unless every category that is averaged has one. */
  readonly average: Intervals | null;
}

export const RESAMPLES = 2_000;
const BOOTSTRAP_SEED = 1;
const MEASURES = ['sa', 'sg', 'gap'] as const;

/** The p-quantile of sorted numbers, interpolated between the two nearest. */
function quantile(sorted: Float64Array, p: number): number {
  const at = p * (sorted.length - 1);
  const below = Math.floor(at);
  const low = sorted[below] ?? 0;
  return low + (at - below) * ((sorted[below + 1] ?? low) - low);
}

type Resampled = Readonly<Record<keyof Means, Float64Array>>;

const intervalsOf = (samples: Resampled): Intervals => {
  const of = (measure: keyof Means): Interval => {
    const sorted = samples[measure].slice().sort();
    return [quantile(sorted, 0.025), quantile(sorted, 0.975)];
  };
  return { sa: of('sa'), sg: of('sg'), gap: of('gap') };
};

const emptySamples = (): Resampled => ({
  sa: new Float64Array(RESAMPLES),
  sg: new Float64Array(RESAMPLES),
  gap: new Float64Array(RESAMPLES),
});

/** Pairs drawn between two chances to do something else: a few milliseconds. */
const DRAWS_AT_ONCE = 100_000;

/** Means of resamples of one category's pairs, drawn with replacement; each category has random numbers of its own. */
function* resample(all: readonly Means[], seed: number): Generator<undefined, Resampled> {
  const random = counterRandom(seed);
  const samples = emptySamples();
  const [as, gs] = [Float64Array.from(all, ({ sa }) => sa), Float64Array.from(all, ({ sg }) => sg)];
  let drawn = 0;
  for (let i = 0; i < RESAMPLES; i++) {
    let sa = 0;
    let sg = 0;
    for (let n = 0; n < all.length; n++) {
      const pair = random(all.length);
      sa += as[pair] as number;
      sg += gs[pair] as number;
    }
    samples.sa[i] = sa / all.length;
    samples.sg[i] = sg / all.length;
    samples.gap[i] = (sa - sg) / all.length;
    drawn += all.length;
    if (drawn >= DRAWS_AT_ONCE) {
      drawn = 0;
      yield;
    }
  }
  return samples;
}

/** `bootstrapIntervals` in pieces of a few milliseconds, for threads that have something else to do. */
export function* bootstrapInPieces(pairs: Iterable<ScoredPair>): Generator<undefined, SummaryIntervals> {
  const groups = byCategory([...pairs].sort((a, b) => a.index - b.index));
  const samples = new Map<Category, Resampled>();
  let own = CATEGORIES.length;
  for (const [category, all] of groups) {
    const place = isOfPaper(category) ? (CATEGORIES as readonly string[]).indexOf(category) : own++;
    if (all.length > 1) samples.set(category, yield* resample(all, hashWords(BOOTSTRAP_SEED, place)));
  }
  const categories = new Map([...samples].map(([category, each]) => [category, intervalsOf(each)]));
  const averaged = [...groups.keys()].filter(isOfPaper);
  const each = averaged.flatMap((category) => samples.get(category) ?? []);
  if (each.length === 0 || each.length < averaged.length) return { categories, average: null };
  const mean = emptySamples();
  for (const measure of MEASURES) {
    for (const sample of each)
      sample[measure].forEach((value, i) => (mean[measure][i] = (mean[measure][i] ?? 0) + value / each.length));
  }
  return { categories, average: intervalsOf(mean) };
}

/**
 * 95 % percentile-bootstrap intervals over pairs within each category; the average's resamples are the means of the categories'. The same
 * pairs, in whatever order, give the same intervals.
 */
export function bootstrapIntervals(pairs: Iterable<ScoredPair>): SummaryIntervals {
  const pieces = bootstrapInPieces(pairs);
  for (;;) {
    const { done, value } = pieces.next();
    if (done) return value;
  }
}
