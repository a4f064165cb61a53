import type { Pair } from '@/lib/domain';

/**
 * What the two sides have at a cell:
 * - `same`: the same token, from much the same distribution (or the divergence is not known)
 * - `distribution`: the same token, but side divergence of at least DISTRIBUTION_THRESHOLD_BITS
 * - `near`: different tokens with nearly the same codebook vector
 * - `different`: different tokens
 */
export type CellKind = 'same' | 'distribution' | 'near' | 'different';

/**
 * From this side divergence on, an equal token counts as drawn from another distribution. 0.1 bit is, for
 * instance, one outcome of p = 0.9 against p = 0.6.
 */
export const DISTRIBUTION_THRESHOLD_BITS = 0.1;

/** The model's codebook: `centroids` holds `codes` rows of `size` numbers. */
export interface CodebookVectors {
  readonly centroids: Float32Array;
  readonly size: number;
  /** Codes nearer than this (L2) look alike; the manifest's `nearCodeDistance`. */
  readonly nearDistance: number;
}

/** L2 distance of two codes' vectors. */
export const codeDistance = ({ centroids, size }: CodebookVectors, a: number, b: number): number => {
  let sum = 0;
  for (let i = 0; i < size; i++) {
    const difference = (centroids[a * size + i] ?? NaN) - (centroids[b * size + i] ?? NaN);
    sum += difference * difference;
  }
  return Math.sqrt(sum);
};

export const cellKind = (
  a: number,
  b: number,
  divergenceBits: number | undefined,
  codebook: CodebookVectors | null,
): CellKind => {
  if (a !== b) return codebook !== null && codeDistance(codebook, a, b) < codebook.nearDistance ? 'near' : 'different';
  return divergenceBits !== undefined && divergenceBits >= DISTRIBUTION_THRESHOLD_BITS ? 'distribution' : 'same';
};

/** The steps, of the first `steps`, at which the two sides have different tokens, in order. */
export const differingSteps = (
  { a, b }: Pair<ArrayLike<number>>,
  steps = Math.min(a.length, b.length),
): readonly number[] => Array.from({ length: steps }, (_, step) => step).filter((step) => a[step] !== b[step]);

/** First step with different tokens among the first `steps`; null if there is none. */
export const firstSplit = ({ a, b }: Pair<ArrayLike<number>>, steps = Math.min(a.length, b.length)): number | null => {
  for (let step = 0; step < steps; step++) {
    if (a[step] !== b[step]) return step;
  }
  return null;
};

export interface TokenDifference {
  /** One for each of the first `steps` cells. */
  readonly kinds: readonly CellKind[];
  readonly firstSplit: number | null;
  /** Cells whose tokens differ, near ones included. */
  readonly different: number;
  /** Of these, cells whose codebook vectors are nearly the same. */
  readonly near: number;
  /** Cells with the same token from another distribution. */
  readonly distribution: number;
}

export const diffTokens = (
  tokens: Pair<ArrayLike<number>>,
  options: {
    readonly steps?: number;
    /** Side divergence of each step, bits. */
    readonly divergenceBits?: ArrayLike<number> | undefined;
    readonly codebook?: CodebookVectors | null;
  } = {},
): TokenDifference => {
  const steps = options.steps ?? Math.min(tokens.a.length, tokens.b.length);
  const kinds = Array.from({ length: steps }, (_, step) =>
    cellKind(tokens.a[step] ?? -1, tokens.b[step] ?? -1, options.divergenceBits?.[step], options.codebook ?? null),
  );
  const count = (kind: CellKind): number => kinds.filter((item) => item === kind).length;
  const near = count('near');
  return {
    kinds,
    firstSplit: firstSplit(tokens, steps),
    different: count('different') + near,
    near,
    distribution: count('distribution'),
  };
};
