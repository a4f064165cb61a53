import { TOP_COUNT } from '@/lib/domain';
import { ELEMENT, type ElementType, GraphWriter } from '@/lib/onnx';
import { STATS_PER_SIDE } from '../../decode/stats';

/** Stands for minus infinity, which shaders may not rely on. */
const EXCLUDED = -1e30;
/** Keeps logarithms of zero probabilities finite; times probability 0 it vanishes. */
const SMALLEST = 1e-37;

export interface SamplerShape {
  readonly codes: number;
  /** Of the logits. */
  readonly logits: ElementType;
  /** Leaves out what WebGPU has no kernel for. */
  readonly webgpu: boolean;
}

/**
 * Inputs: `logits` [L, 1, codes] and the constant and per-step inputs of the fused graphs (`constantFeeds`, `noise` float32 [2, codes], `forced` int64 [2]).
 * Outputs: `next_ids` int64 [L, 1], `stats` float32 [2, STATS_PER_SIDE].
 *
 * One sort of the guided, masked logits carries everything: top-k is a position, top-p a running sum, the rank a position plus one, the most likely
 * tokens the first few. Token ids are float32 inside (exact below 2^24), because WebGPU kernels compute with no 64-bit integers; ids come in through
 * table look-ups.
 */
export function samplerGraph({ codes, logits: logitsType, webgpu }: SamplerShape): Uint8Array {
  const g = new GraphWriter('sampler');
  const float = (value: number) => g.f32([value]);
  const add = (x: string, y: string) => g.op('Add', [x, y]);
  const subtract = (x: string, y: string) => g.op('Sub', [x, y]);
  const multiply = (x: string, y: string) => g.op('Mul', [x, y]);
  const where = (condition: string, x: string, y: string) => g.op('Where', [condition, x, y]);
  const gather = (x: string, index: string) => g.op('Gather', [x, index], { axis: 0 });
  const total = (x: string) => g.op('ReduceSum', [x, g.i64([-1])], { keepdims: 1 });
  const cut = (x: string, start: number, end: number, axis = 1) =>
    g.op('Slice', [x, g.i64([start]), g.i64([end]), g.i64([axis])]);
  const logarithm = (p: string) => g.op('Log', [g.op('Max', [p, float(SMALLEST)])]);

  const raw = g.input('logits', logitsType, ['lanes', 1, codes]);
  const [conditionalLane, unconditionalLane, crossLane] = ['cond_lane', 'uncond_lane', 'cross_lane'].map((name) =>
    g.input(name, 'int64', [2]),
  ) as [string, string, string];
  const laneSide = g.input('lane_side', 'int64', ['lanes']);
  const guidance = g.input('guidance', 'float32', [1]);
  const temperature = g.input('temperature', 'float32', [1]);
  const topK = g.input('top_k', 'int64', [1]);
  const topP = g.input('top_p', 'float32', [1]);
  const plausibility = g.input('plausibility_log', 'float32', [1]);
  const noise = g.input('noise', 'float32', [2, codes]);
  const forced = g.input('forced', 'int64', [2]);

  const code = g.f32(
    Array.from({ length: codes }, (_, i) => i),
    [1, codes],
  );
  // As an index, -1 reads the last entry: the table turns ids (and "none") into numbers.
  const number = g.f32([...Array.from({ length: codes + 1 }, (_, i) => i), -1]);
  const zero = float(0);
  const excluded = float(EXCLUDED);
  const one = float(1);
  const perBit = float(1 / Math.LN2);

  const flat = g.op('Reshape', [raw, g.i64([-1, codes])]);
  const logits = logitsType === 'float32' ? flat : g.op('Cast', [flat], { to: ELEMENT.float32 });
  /** Logarithms of the probabilities, and x less its maximum. */
  const logSoftmax = (x: string): [log: string, below: string] => {
    const below = subtract(x, g.op('ReduceMax', [x, g.i64([-1])], { keepdims: 1 }));
    return [subtract(below, g.op('Log', [total(g.op('Exp', [below]))])), below];
  };
  /** Jensen-Shannon divergence over the codes; exactly 0 for equal distributions. */
  const divergenceBits = (p: string, q: string) => {
    const logMean = logarithm(multiply(add(p, q), float(0.5)));
    const part = (x: string) => multiply(x, subtract(logarithm(x), logMean));
    return g.op('Relu', [multiply(total(add(part(p), part(q))), float(0.5 / Math.LN2))]);
  };
  /** Entries of x where `position` names the wanted code. */
  const atCode = (x: string, position: string, wanted: string) =>
    total(where(g.op('Less', [g.op('Abs', [subtract(position, wanted)]), float(0.5)]), x, zero));

  const conditional = gather(logits, conditionalLane);
  const [logOwn, ownBelow] = logSoftmax(conditional);
  const [logOther] = logSoftmax(gather(logits, crossLane));

  // c + (w - 1)(c - u) is u + w(c - u), and exactly c at w = 1.
  const push = multiply(subtract(guidance, one), subtract(conditional, gather(logits, unconditionalLane)));
  const guided = g.op('Div', [add(conditional, push), temperature]);
  const masked = where(g.op('GreaterOrEqual', [ownBelow, plausibility]), guided, excluded);

  const [values, order] = g.ops('TopK', [masked, g.i64([codes])], 2, { axis: -1, largest: 1, sorted: 1 }) as [
    string,
    string,
  ];
  const tokenAt = gather(number, order);
  const below = subtract(values, cut(values, 0, 1));
  const withinK = g.op('Less', [code, gather(number, topK)]);
  const keptByK = where(withinK, g.op('Exp', [below]), zero);
  const before = g.op('CumSum', [keptByK, g.i64([-1], [])], { exclusive: 1 });
  const share = where(g.op('GreaterOrEqual', [topP, one]), float(2), topP);
  const weight = where(g.op('Less', [before, multiply(share, total(keptByK))]), keptByK, zero);
  const normaliser = total(weight);
  const kept = g.op('Greater', [weight, zero]);
  const p = g.op('Div', [weight, normaliser]);
  const logP = where(kept, subtract(below, g.op('Log', [normaliser])), excluded);

  const noisy = where(kept, add(logP, g.op('GatherElements', [noise, order], { axis: 1 })), excluded);
  // Two maxima: TopK sorts all codes, which takes a GPU a hundred dispatches.
  const largest = (x: string) => g.op('ReduceMax', [x, g.i64([-1])], { keepdims: 1 });
  const at = g.op('ArgMax', [noisy], { axis: 1, keepdims: 1 });
  const isBest = g.op('Less', [g.op('Abs', [subtract(code, gather(number, at))]), float(0.5)]);
  const margin = subtract(largest(noisy), largest(where(isBest, excluded, noisy)));
  const choice = g.op('GatherElements', [tokenAt, at], { axis: 1 });
  const wish = g.op('Reshape', [gather(number, forced), g.i64([2, 1])]);
  const token = where(g.op('Less', [wish, zero]), choice, wish);

  const probability = atCode(p, tokenAt, token);
  const rank = atCode(add(code, one), tokenAt, token);
  const entropy = multiply(g.op('Abs', [total(multiply(p, logP))]), perBit);
  const byCode = g.op('ScatterElements', [g.f32(new Float32Array(2 * codes), [2, codes]), order, p], { axis: 1 });
  const side = add(divergenceBits(cut(byCode, 0, 1, 0), cut(byCode, 1, 2, 0)), g.f32([0, 0], [2, 1]));
  const prompt = divergenceBits(g.op('Exp', [logOwn]), g.op('Exp', [logOther]));
  const score = multiply(atCode(subtract(logOwn, logOther), code, token), perBit);

  const parts = [
    token,
    choice,
    margin,
    probability,
    rank,
    entropy,
    side,
    prompt,
    score,
    cut(tokenAt, 0, TOP_COUNT),
    cut(p, 0, TOP_COUNT),
  ];
  g.output('stats', g.op('Concat', parts, { axis: 1 }), 'float32', [2, STATS_PER_SIDE]);

  const next = gather(token, laneSide);
  const nextIds = webgpu
    ? g.op('ArgMax', [g.op('Neg', [g.op('Abs', [subtract(code, next)])])], { axis: 1, keepdims: 1 })
    : g.op('Cast', [next], { to: ELEMENT.int64 });
  g.output('next_ids', nextIds, 'int64', ['lanes', 1]);
  return g.done();
}
