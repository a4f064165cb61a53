import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PairCompError } from '@/lib/domain';
import { CATEGORIES, type Category } from './categories';
import { parsePictureName, pictureName } from './names';
import { parsePairs } from './pairs';
import { bootstrapIntervals, type ScoredPair, summarize } from './scores';
import { formatScores, parseScores } from './scores-file';
import { drawSeed } from './seeds';

/** The authors' summary, written out as they compute it: running sum and product, a power, categories told by a word in their name. */
function authorsSummary(file: Record<string, { score: number }[]>, categories: readonly string[]) {
  const words = ['overall', 'color', 'counting', 'position', 'style', 'text'];
  const lists = words.map(() => ({ sa: [] as number[], sg: [] as number[] }));
  for (const [key, list] of Object.entries(file)) {
    let sa = 0;
    let sg = 1;
    for (const { score } of list) {
      sa += score;
      sg *= score;
    }
    const at = words.findIndex((word) => (categories[Number(key)] ?? '').toLowerCase().includes(word));
    lists[at]?.sa.push(sa / list.length);
    lists[at]?.sg.push(sg ** (1 / list.length));
  }
  const mean = (numbers: number[]) => numbers.reduce((sum, each) => sum + each, 0) / numbers.length;
  const means = lists.map(({ sa, sg }) => ({ sa: mean(sa), sg: mean(sg) }));
  return { means, average: { sa: mean(means.map(({ sa }) => sa)), sg: mean(means.map(({ sg }) => sg)) } };
}

const pairsOf = (categories: readonly Category[]) =>
  parsePairs(
    JSON.stringify(categories.map((category, n) => ({ category, caption1: `${n} cats`, caption2: `${n} dogs` }))),
  ).pairs;
const scoresOf = (scores: readonly (readonly number[])[]) =>
  Object.fromEntries(
    scores.map((four, pair_idx) => [
      String(pair_idx),
      four.map((score, n) => ({ pair_idx, prompt_idx: n >> 1, image_idx: n & 1, score })),
    ]),
  );

const fourths = fc.integer({ min: 0, max: 10_000 }).map((n) => n / 10_000);
const four = fc.array(fc.oneof(fourths, fc.constant(0), fc.constant(1)), { minLength: 4, maxLength: 4 });

describe('the summary of a scores file', () => {
  test('equals the authors’ formulas, zeros included', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(...CATEGORIES), four), { minLength: 0, maxLength: 60 }), (more) => {
        const all = [...CATEGORIES.map((category) => [category, [0, 0.5, 1, 0.25]] as const), ...more];
        const categories = all.map(([category]) => category);
        const file = scoresOf(all.map(([, scores]) => scores));
        const { scored, problems } = parseScores(JSON.stringify(file), { pairs: pairsOf(categories) });
        expect(problems).toEqual([]);
        const summary = summarize(scored);
        const expected = authorsSummary(file, categories);
        CATEGORIES.forEach((category, n) => {
          const got = summary.categories.get(category);
          expect(got?.sa).toBeCloseTo(expected.means[n]?.sa ?? NaN, 10);
          expect(got?.sg).toBeCloseTo(expected.means[n]?.sg ?? NaN, 10);
          expect(got?.gap).toBeCloseTo((expected.means[n]?.sa ?? NaN) - (expected.means[n]?.sg ?? NaN), 10);
        });
        expect(summary.average?.sa).toBeCloseTo(expected.average.sa, 10);
        expect(summary.average?.sg).toBeCloseTo(expected.average.sg, 10);
      }),
      { numRuns: 100 },
    );
  });

  test('averages categories, not pairs', () => {
    const { scored } = parseScores(
      JSON.stringify(
        scoresOf([
          [1, 1, 1, 1],
          [1, 1, 1, 1],
          [0, 0, 0, 0],
        ]),
      ),
      { pairs: pairsOf([CATEGORIES[0], CATEGORIES[0], CATEGORIES[1]]) },
    );
    expect(summarize(scored).average).toEqual({ sa: 0.5, sg: 0.5, gap: 0 });
    expect(summarize([]).average).toBeNull();
  });
});

describe('a scores file', () => {
  const pairs = pairsOf([CATEGORIES[0], CATEGORIES[1], CATEGORIES[2]]);
  const whole = scoresOf([
    [0.1, 0.2, 0.3, 0.4],
    [1, 1, 0, 1],
    [0.5, 0.5, 0.5, 0.5],
  ]);
  const with1 = (list: unknown) => JSON.stringify({ ...whole, '1': list });
  const one = whole['1'] ?? [];

  test('is written as it is read, with 4 decimals', () => {
    const scored: ScoredPair[] = [{ index: 1, category: CATEGORIES[1], scores: [0.123449999, 0.98765, 1, 0] }];
    expect(JSON.parse(formatScores(scored))).toEqual({
      '1': [
        { pair_idx: 1, prompt_idx: 0, image_idx: 0, score: 0.1234 },
        { pair_idx: 1, prompt_idx: 0, image_idx: 1, score: 0.9877 },
        { pair_idx: 1, prompt_idx: 1, image_idx: 0, score: 1 },
        { pair_idx: 1, prompt_idx: 1, image_idx: 1, score: 0 },
      ],
    });
    const { scored: read } = parseScores(JSON.stringify(whole), { pairs });
    expect(JSON.parse(formatScores(read))).toEqual(whole);
  });

  test('may list its scores in any order, and fewer pictures when that is said', () => {
    const turned = { ...whole, '0': [...(whole['0'] ?? [])].reverse() };
    expect(parseScores(JSON.stringify(turned), { pairs }).scored[0]?.scores).toEqual([0.1, 0.2, 0.3, 0.4]);
    const single = { '0': (whole['0'] ?? []).filter(({ image_idx }) => image_idx === 0) };
    expect(parseScores(JSON.stringify(single), { pairs }, { images: 1 }).scored[0]?.scores).toEqual([0.1, 0.3]);
  });

  test.each([
    [one.slice(1), 'Pair 1 has 3 scores instead of 4.'],
    [[...one, one[0]], 'Pair 1 has 5 scores instead of 4.'],
    [[one[0], one[0], one[2], one[3]], 'Pair 1 has two scores for picture 0 of prompt 0.'],
    [one.map((entry) => ({ ...entry, pair_idx: 2 })), 'Pair 1 holds a score of pair 2.'],
    [
      [...one.slice(1), { ...one[0], image_idx: 2 }],
      'Pair 1 has a score for picture 2 of prompt 0, which there is not.',
    ],
    [[...one.slice(1), { ...one[0], score: 'high' }], 'Pair 1 has a score that is not a number.'],
    [[...one.slice(1), { ...one[0], score: 1.5 }], 'Pair 1 has a score of 1.5, outside 0 to 1.'],
    [[1, 2, 3, 4], 'Pair 1 has a score that is not {pair_idx, prompt_idx, image_idx, score}.'],
    ['none', 'Pair 1 has no list of scores.'],
  ])('with %j for a pair leaves that pair out in one sentence', (list, sentence) => {
    const { scored, problems } = parseScores(with1(list), { pairs });
    expect(problems).toEqual([sentence]);
    expect(scored.map(({ index }) => index)).toEqual([0, 2]);
  });

  test('with Python’s NaN leaves that pair out', () => {
    const { scored, problems } = parseScores(JSON.stringify(whole).replace('"score":0.2', '"score":NaN'), { pairs });
    expect(problems).toEqual(['Pair 0 has a score that is not a number.']);
    expect(scored).toHaveLength(2);
  });

  test('with its numbers as texts, as spreadsheets write them, is read the same', () => {
    const texts = JSON.parse(JSON.stringify(whole), (_, value: unknown) =>
      typeof value === 'number' ? String(value) : value,
    ) as unknown;
    expect(parseScores(JSON.stringify(texts), { pairs })).toEqual(parseScores(JSON.stringify(whole), { pairs }));
  });

  test('of which some pairs repeat others is read without those, and says so', () => {
    const { scored, problems } = parseScores(JSON.stringify({ ...whole, '7': one }), { pairs, repeats: [7] });
    expect(scored).toHaveLength(3);
    expect(problems).toEqual(['Pair 7 repeats another and is not counted.']);
  });

  test.each(['{"toString": null, "valueOf": null}', '[{"toString": 1}]', '{"__proto__": {}}'])(
    'with %s for a number is refused in a sentence',
    (hostile) => {
      for (const member of ['pair_idx', 'prompt_idx', 'image_idx', 'score']) {
        const text = JSON.stringify({ '1': one.map((entry) => ({ ...entry, [member]: '@' })) }).replaceAll(
          '"@"',
          hostile,
        );
        expect(() => parseScores(text, { pairs })).toThrow(PairCompError);
      }
    },
  );

  test('without some pairs says which', () => {
    expect(parseScores(JSON.stringify({ '1': one }), { pairs }).problems).toEqual(['2 pairs have no scores: 0 and 2.']);
  });

  test.each([
    ['nothing', 'The scores file is not JSON.'],
    ['[]', 'The scores file is not a JSON object keyed by pair index.'],
    ['{}', 'The scores file is empty.'],
    ['{"a": []}', 'The scores file has the key "a", which is no pair index.'],
    [
      JSON.stringify({ ...whole, '7': [] }),
      'The scores file belongs to other pairs: it scores pair 7, which is not among these.',
    ],
    ['{"0": []}', 'The scores file has no usable scores: pair 0 has 0 scores instead of 4.'],
  ])('%s cannot be used', (text, sentence) => {
    expect(() => parseScores(text, { pairs })).toThrow(new PairCompError(sentence));
  });
});

describe('the intervals', () => {
  const scored = Array.from({ length: 40 }, (_, n): ScoredPair => ({
    index: n,
    category: CATEGORIES[n % 2] ?? CATEGORIES[0],
    scores: [0, 1, 2, 3].map((k) => ((n * 7 + k * 13) % 11) / 10),
  }));

  test('are the same for the same pairs in any order, on every machine', () => {
    const intervals = bootstrapIntervals(scored);
    expect(bootstrapIntervals([...scored].reverse())).toEqual(intervals);
    expect(intervals.average).toMatchInlineSnapshot(`
      {
        "gap": [
          0.162464102944316,
          0.26127999894258774,
        ],
        "sa": [
          0.46062499999999995,
          0.53125,
        ],
        "sg": [
          0.2121960399986386,
          0.3562993231367572,
        ],
      }
    `);
  });

  test('hold the mean, and are as wide as theory says', () => {
    const { categories } = bootstrapIntervals(scored);
    for (const [category, { sa }] of summarize(scored).categories) {
      const [low, high] = categories.get(category)?.sa ?? [NaN, NaN];
      expect(low).toBeLessThan(sa);
      expect(high).toBeGreaterThan(sa);
      const means = scored
        .filter((pair) => pair.category === category)
        .map(({ scores }) => scores.reduce((sum, each) => sum + each, 0) / 4);
      const error = Math.sqrt(means.reduce((sum, each) => sum + (each - sa) ** 2, 0) / means.length / means.length);
      const ratio = (high - low) / (2 * 1.96 * error);
      expect(ratio).toBeGreaterThan(0.9);
      expect(ratio).toBeLessThan(1.1);
    }
  });

  test('of a category do not depend on the others, and there are none for one pair', () => {
    const first = scored.filter(({ category }) => category === CATEGORIES[0]);
    expect(bootstrapIntervals(first).categories.get(CATEGORIES[0])).toEqual(
      bootstrapIntervals(scored).categories.get(CATEGORIES[0]),
    );
    expect(bootstrapIntervals([...first, scored[1] as ScoredPair])).toMatchObject({ average: null });
    expect(bootstrapIntervals([])).toEqual({ categories: new Map(), average: null });
  });

  test('of pairs that are all alike have no width', () => {
    const alike = [0, 1, 2].map((index): ScoredPair => ({ index, category: CATEGORIES[4], scores: [1, 1, 1, 0] }));
    expect(bootstrapIntervals(alike).average).toEqual({ sa: [0.75, 0.75], sg: [0, 0], gap: [0.75, 0.75] });
  });
});

test('pictures are named as the authors name them', () => {
  expect(pictureName({ pair: 12, prompt: 1, image: 0 })).toBe('12_1_0.png');
  expect(parsePictureName('12_1_0.png')).toEqual({ pair: 12, prompt: 1, image: 0 });
  for (const name of ['12_2_0.png', '012_1_0.png', '1_1.png', '1_1_0.jpg', 'x1_1_0.png'])
    expect(parsePictureName(name)).toBeNull();
});

test('seeds are a function of run, pair and picture, for ever the same', () => {
  expect([drawSeed(7, 0, 0), drawSeed(7, 0, 1), drawSeed(7, 549, 1), drawSeed(8, 0, 0)]).toMatchInlineSnapshot(`
    [
      830713574,
      1894020362,
      1772089614,
      89197970,
    ]
  `);
  const seeds = new Set(Array.from({ length: 2000 }, (_, n) => drawSeed(7, n >> 1, n & 1)));
  expect(seeds.size).toBe(2000);
});
