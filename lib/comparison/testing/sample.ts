import type { Comparison } from '../types';

/** A fixed generator (Numerical Recipes' LCG), so that golden links and fuzzing never depend on Math.random. */
export const createRandom = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
};

/** A comparison of the embedded model's shape: 12 x 12 cells, 1024 codes, first split at step 25. */
export const sampleComparison = (): Comparison => {
  const random = createRandom(20);
  const cells = 144;
  const tokens = { a: new Int32Array(cells), b: new Int32Array(cells) };
  const series = () => ({ a: new Float32Array(cells), b: new Float32Array(cells) });
  const probability = series();
  const entropyBits = series();
  const margin = series();
  const promptDivergenceBits = series();
  const crossScoreBits = series();
  const divergenceBits = new Float32Array(cells);
  const rank = { a: new Int32Array(cells), b: new Int32Array(cells) };
  const topTokens = { a: new Int32Array(cells * 8), b: new Int32Array(cells * 8) };
  const topProbabilities = { a: new Float32Array(cells * 8), b: new Float32Array(cells * 8) };
  for (let step = 0; step < cells; step++) {
    tokens.a[step] = Math.floor(random() * 1024);
    tokens.b[step] = step < 25 || random() < 0.7 ? (tokens.a[step] ?? 0) : Math.floor(random() * 1024);
    divergenceBits[step] = random();
    const shared = random() ** 6;
    for (const side of ['a', 'b'] as const) {
      probability[side][step] = random();
      entropyBits[side][step] = random() * 6;
      margin[side][step] = random();
      rank[side][step] = 1 + Math.floor(random() * 20);
      promptDivergenceBits[side][step] = step <= 25 ? shared : random() ** 6;
      crossScoreBits[side][step] = (random() < 0.4 ? -1 : 1) * random() ** 8 * 6;
      for (let i = 0; i < 8; i++) {
        topTokens[side][step * 8 + i] = Math.floor(random() * 1024);
        topProbabilities[side][step * 8 + i] = random() / (i + 1);
      }
    }
  }
  return {
    model: { name: 'embedded', hash: '0123456789abcdef' },
    prompts: { a: 'a red apple to the left of a blue cup', b: 'a blue apple to the left of a red cup' },
    settings: {
      seed: 7,
      coupling: 'coupled',
      guidanceWeight: 3,
      temperature: 1,
      topK: 0,
      topP: 1,
      plausibility: 0.05,
      greedy: false,
    },
    grid: { rows: 12, columns: 12 },
    codes: 1024,
    tokens,
    trace: {
      length: cells,
      precision: 'exact',
      probability,
      rank,
      entropyBits,
      margin,
      divergenceBits,
      promptDivergenceBits,
      crossScoreBits,
      topTokens,
      topProbabilities,
    },
    provenance: {
      executionProvider: 'wasm',
      weightType: 'int8',
      runtime: 'onnxruntime-web 1.30.0',
      lanes: 6,
      adapter: null,
    },
  };
};
