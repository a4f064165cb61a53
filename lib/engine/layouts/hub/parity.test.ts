import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Pair, SamplingSettings, SideStep } from '@/lib/domain';
import { createNodeEngine } from '../../node';
import { builtJanus, drawn, float32, FUSED_JANUS, generated, JANUS, watchedEngine } from '../../testing/janus';
import { collect, tokensOf } from '../../testing/tiny';

const GREEDY: SamplingSettings = {
  seed: 0,
  coupling: 'coupled',
  guidanceWeight: 5,
  temperature: 1,
  topK: 0,
  topP: 1,
  plausibility: 0,
  greedy: true,
};

/** As on a GPU, where a long prefix takes several runs. */
const inPieces = () => watchedEngine(() => undefined, { prefill: 16 });

const layouts = [
  ["in the hub's layout, put together into one graph,", JANUS, createNodeEngine],
  ["in the hub's layout, one graph after another,", JANUS, () => watchedEngine(() => undefined)],
  ["in the hub's layout, its prefix in pieces,", JANUS, inPieces],
  ['by the published builder, put together into one graph,', await builtJanus(), createNodeEngine],
  ['by the published builder, its prefix in pieces,', await builtJanus(), inPieces],
  ['exported as one graph', FUSED_JANUS, createNodeEngine],
] as const;

const weights = [...new Set(generated.cases.map(({ guidanceWeight }) => guidanceWeight))];
const alone = (guidanceWeight: number) =>
  generated.cases.filter((each) => each.guidanceWeight === guidanceWeight && each.prompts.length === 1);

describe.each(layouts)(
  "a Janus %s draws greedily what Hugging Face's generate does",
  { timeout: 120_000 },
  (_name, model, create) => {
    const engine = create();
    beforeAll(() => engine.load(model), 120_000);
    afterAll(() => engine.dispose());

    // Prompts that generate() drew alone are drawn as a pair here, so this also says that a batch of two is two single draws.
    test.each(weights)(
      'for prompts drawn one at a time there and in pairs here, guidance %f',
      async (guidanceWeight) => {
        const cases = alone(guidanceWeight);
        expect(cases.length).toBeGreaterThan(4);
        for (let i = 0; i + 1 < cases.length; i += 2) {
          const [a, b] = [cases[i]!, cases[i + 1]!];
          const prompts = { a: a.prompts[0]!, b: b.prompts[0]! };
          const events = await collect(
            engine.draw({ prompts, settings: { ...GREEDY, guidanceWeight }, crossLanes: false }),
          );
          expect(tokensOf(events), `${prompts.a} / ${prompts.b}`).toEqual({ a: a.tokens[0], b: b.tokens[0] });
        }
      },
    );

    test.each(weights)('for two prompts of different lengths in one batch, guidance %f', async (guidanceWeight) => {
      for (const { prompts, tokens } of generated.cases.filter(
        (each) => each.guidanceWeight === guidanceWeight && each.prompts.length === 2,
      )) {
        const events = await collect(
          engine.draw({ prompts: { a: prompts[0]!, b: prompts[1]! }, settings: { ...GREEDY, guidanceWeight } }),
        );
        expect(tokensOf(events)).toEqual({ a: tokens[0], b: tokens[1] });
      }
    });
  },
);

test("logits are within a thousandth of PyTorch's", { timeout: 120_000 }, async () => {
  let steps: Float32Array[] = [];
  const watched = watchedEngine(({ logits }) => {
    if (logits) steps.push(Float32Array.from(logits.data as Float32Array));
  });
  await watched.load(JANUS);
  const { codes } = generated;
  let compared = 0;
  for (const { prompts, guidanceWeight, logits } of generated.cases) {
    if (!logits) continue;
    steps = [];
    const pair = { a: prompts[0]!, b: prompts[1] ?? prompts[0]! };
    await collect(watched.draw({ prompts: pair, settings: { ...GREEDY, guidanceWeight }, crossLanes: false }));
    for (const [step, base64] of Object.entries(logits)) {
      const expected = float32(base64);
      const found = steps[Number(step)]!.subarray(0, 2 * prompts.length * codes);
      expect(found).toHaveLength(expected.length);
      expect(
        Math.max(...found.map((value, i) => Math.abs(value - expected[i]!))),
        `step ${step} of ${prompts.join(' / ')}`,
      ).toBeLessThan(1e-3);
      compared++;
    }
  }
  expect(compared).toBeGreaterThan(30);
  await watched.dispose();
});

/** The numbers of a side in the order in which the sampler reports them. */
const numbersOf = (
  {
    token,
    choice,
    margin,
    probability,
    rank,
    entropyBits,
    promptDivergenceBits,
    crossScoreBits,
    topTokens,
    topProbabilities,
  }: SideStep,
  divergence: number,
) => [
  ...[token, choice, margin, probability, rank, entropyBits, divergence, promptDivergenceBits, crossScoreBits],
  ...topTokens,
  ...topProbabilities,
];

const int32 = ({ a, b }: Pair<readonly number[]>): Pair<Int32Array> => ({
  a: Int32Array.from(a),
  b: Int32Array.from(b),
});

describe.each(layouts)(
  'a Janus %s draws with the same noise what a PyTorch loop draws',
  { timeout: 120_000 },
  (_name, model, create) => {
    const engine = create();
    beforeAll(() => engine.load(model), 120_000);
    afterAll(() => engine.dispose());

    test.each(drawn.cases.map((each, index) => [index, each] as const))(
      'case %i',
      async (_index, { prompts, settings, crossLanes, forced, tokens, stats }) => {
        const events = await collect(
          engine.draw({ prompts, settings, crossLanes, ...(forced && { forced: int32(forced) }) }),
        );
        expect(tokensOf(events)).toEqual(tokens);
        events.forEach(({ sides, divergenceBits }, step) => {
          const numbers = [...numbersOf(sides.a, divergenceBits), ...numbersOf(sides.b, divergenceBits)];
          numbers.forEach((number, index) => {
            const reference = stats[step]?.[index];
            const isCross = index % 25 === 7 || index % 25 === 8;
            if (isCross && !crossLanes) expect(number).toBeNaN();
            // Codes of nearly equal probability may be listed in any order.
            else if (index % 25 >= 9 && index % 25 < 17)
              expect(number === reference || (numbers[index + 8] ?? 1) < 1e-4, `step ${step}, number ${index}`).toBe(
                true,
              );
            else if (number === Infinity) expect(reference).toBeGreaterThan(1e20);
            else expect(Math.abs(number - (reference ?? NaN)), `step ${step}, number ${index}`).toBeLessThan(2e-3);
          });
        });
      },
    );
  },
);
