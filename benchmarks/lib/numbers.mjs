export const median = (values) => {
  const sorted = [...values].sort((x, y) => x - y);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

export const megabytes = (bytes) => `${(bytes / 1e6).toFixed(2)} MB`;
export const seconds = (ms) => `${(ms / 1000).toFixed(2)} s`;

/** Members of one side of one step in the raw numbers of a draw, as docs/model-layout.md orders them. */
export const STATS_PER_SIDE = 25;
const members = {
  token: 0,
  choice: 1,
  margin: 2,
  probability: 3,
  rank: 4,
  entropyBits: 5,
  divergenceBits: 6,
  promptDivergenceBits: 7,
  crossScoreBits: 8,
};

/** Raw chunks as arrays by member and side; later chunks of a step replace earlier ones. */
export function readSteps(chunks) {
  const sides = { a: {}, b: {} };
  for (const side of ['a', 'b']) for (const member of Object.keys(members)) sides[side][member] = [];
  for (const { firstStep, stats } of chunks) {
    for (let step = 0; step < stats.length / (2 * STATS_PER_SIDE); step += 1) {
      for (const [i, side] of ['a', 'b'].entries()) {
        for (const [member, index] of Object.entries(members)) {
          sides[side][member][firstStep + step] = stats[(2 * step + i) * STATS_PER_SIDE + index];
        }
      }
    }
  }
  return sides;
}
