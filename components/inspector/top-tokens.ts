import type { Trace } from '@/lib/comparison';
import { type Pair, TOP_COUNT } from '@/lib/domain';

/** A probability that is known, or the most that it can be. */
export interface Known {
  readonly value: number;
  /** `value` is a bound from above: the token is not among this side's most likely ones. */
  readonly isBound: boolean;
}

export interface TopRow {
  readonly token: number;
  readonly probability: Pair<Known>;
}

export interface TopTokens {
  /** Most likely on either side first. */
  readonly rows: readonly TopRow[];
  /** What the rows leave over, of what is known of each side. */
  readonly others: Pair<number>;
}

/**
 * The most likely tokens of both sides at one step as one list of at most `limit` rows; the tokens taken
 * are always among them. Null when the trace carries no candidates.
 */
export const mergeTopTokens = (trace: Trace, step: number, taken: Pair<number>, limit: number): TopTokens | null => {
  const { topTokens, topProbabilities } = trace;
  if (!topTokens || !topProbabilities) return null;
  const list = (side: 'a' | 'b'): Map<number, number> => {
    const known = new Map<number, number>();
    for (let i = step * TOP_COUNT; i < (step + 1) * TOP_COUNT; i += 1) {
      const token = topTokens[side][i];
      const probability = topProbabilities[side][i];
      // What truncation removed fills the list with zeros.
      if (token !== undefined && token >= 0 && probability !== undefined && probability > 0)
        known.set(token, probability);
    }
    return known;
  };
  const known = { a: list('a'), b: list('b') };
  // A sampled token may be far down the list.
  for (const side of ['a', 'b'] as const) {
    const probability = trace.probability?.[side][step];
    if (probability !== undefined && !known[side].has(taken[side])) known[side].set(taken[side], probability);
  }
  const probabilityOf = (side: 'a' | 'b', token: number): Known => {
    const value = known[side].get(token);
    if (value !== undefined) return { value, isBound: false };
    const last = topProbabilities[side][(step + 1) * TOP_COUNT - 1] ?? 0;
    return { value: last, isBound: last > 0 };
  };
  const all = [...new Set([...known.a.keys(), ...known.b.keys()])].map((token): TopRow => ({
    token,
    probability: { a: probabilityOf('a', token), b: probabilityOf('b', token) },
  }));
  const isTaken = ({ token }: TopRow) => token === taken.a || token === taken.b;
  const most = ({ probability: { a, b } }: TopRow) => Math.max(a.isBound ? 0 : a.value, b.isBound ? 0 : b.value);
  const rows = all
    .sort((x, y) => Number(isTaken(y)) - Number(isTaken(x)) || most(y) - most(x))
    .slice(0, limit)
    .sort((x, y) => most(y) - most(x));
  const left = (side: 'a' | 'b') =>
    Math.max(
      0,
      1 - rows.reduce((sum, { probability }) => sum + (probability[side].isBound ? 0 : probability[side].value), 0),
    );
  return { rows, others: { a: left('a'), b: left('b') } };
};
