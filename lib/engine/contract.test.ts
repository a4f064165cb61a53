/** One contract, two engines: in process, and behind the worker protocol; and three layouts: the embedded model's, a Janus exported as one graph, and one in the hub's layout. */
import { TINY } from '@/lib/models/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Pair, SideStep, StepEvent } from '@/lib/domain';
import type { ModelLocation } from '@/lib/models';
import type { DrawRequest, Engine, EngineInfo } from './interface/engine';
import { createNodeEngine } from './node';
import { rerun } from './rerun';
import { channelLink } from './testing/channel-link';
import { drawn, FUSED_JANUS, JANUS } from './testing/janus';
import { collect, golden, type GoldenCase, PROMPTS, SETTINGS, tokensOf } from './testing/tiny';
import { RemoteEngine } from './workers/remote-engine';

const REQUEST: DrawRequest = { prompts: PROMPTS, settings: SETTINGS };

const implementations: [string, () => Engine][] = [
  ['in process', createNodeEngine],
  [
    'behind the worker protocol',
    () => new RemoteEngine({ spawn: (provider) => channelLink(provider), prefer: 'wasm' }),
  ],
];

interface TestModel {
  readonly location: ModelLocation;
  readonly info: Partial<EngineInfo>;
  readonly steps: number;
  readonly codes: number;
  readonly columns: number;
  /** What PyTorch draws. */
  readonly cases: readonly GoldenCase[];
  /** Whether it cuts long prompts off, or refuses them. */
  readonly cutsPrompts: boolean;
}

const models: Record<string, TestModel> = {
  'the tiny model': {
    location: TINY,
    info: { modelName: 'tiny', modelHash: golden.modelHash, grid: { rows: 6, columns: 6 }, codes: 64 },
    steps: 36,
    codes: 64,
    columns: 6,
    cases: golden.cases,
    cutsPrompts: true,
  },
  'an exported Janus': {
    location: FUSED_JANUS,
    info: { modelName: 'janus-tiny', weightType: 'fp32', grid: { rows: 8, columns: 8 }, codes: 256 },
    steps: 64,
    codes: 256,
    columns: 8,
    // All of them are compared elsewhere.
    cases: drawn.cases.slice(0, 1),
    cutsPrompts: false,
  },
  'a Janus in the layout of the hub': {
    location: JANUS,
    info: { modelName: 'janus-tiny', grid: { rows: 8, columns: 8 }, codes: 256 },
    steps: 64,
    codes: 256,
    columns: 8,
    cases: drawn.cases.slice(0, 1),
    cutsPrompts: false,
  },
};

const int32 = ({ a, b }: Pair<readonly number[]>): Pair<Int32Array> => ({
  a: Int32Array.from(a),
  b: Int32Array.from(b),
});

/** The numbers of a side in the order in which the graphs report them. */
function numbersOf(side: SideStep, divergenceBits: number): number[] {
  const { token, choice, margin, probability, rank, entropyBits, promptDivergenceBits, crossScoreBits } = side;
  return [
    ...[token, choice, margin, probability, rank, entropyBits, divergenceBits, promptDivergenceBits, crossScoreBits],
    ...side.topTokens,
    ...side.topProbabilities,
  ];
}

const withoutCross = ({ promptDivergenceBits: _divergence, crossScoreBits: _score, ...rest }: SideStep) => rest;

const contracts = implementations.flatMap(([name, create]) =>
  Object.entries(models).map(([of, model]) => [name, of, create, model] as const),
);

describe.each(contracts)(
  'an engine %s with %s',
  (_name, _model, create, { location, info, steps: STEPS, codes, columns, cases, cutsPrompts }) => {
    const engine = create();
    beforeAll(() => engine.load(location));
    afterAll(() => engine.dispose());
    const draw = (request: DrawRequest, options?: { signal?: AbortSignal }) => collect(engine.draw(request, options));

    test('says what runs where', () => {
      expect(engine.info).toMatchObject({
        ...info,
        executionProvider: 'wasm',
        defaults: { coupling: 'coupled', greedy: false },
      });
      expect(engine.info?.runtime).toMatch(/^onnxruntime-web \d/);
    });

    test('yields every step once, in order, and the same ones again', async () => {
      const events = await draw(REQUEST);
      expect(events.map(({ step }) => step)).toEqual(Array.from({ length: STEPS }, (_, step) => step));
      expect(await draw(REQUEST)).toEqual(events);
    });

    test.each(cases.map((each, index) => [index, each] as const))(
      'draws what PyTorch draws: case %i',
      async (_index, expected) => {
        const { prompts, settings, crossLanes, forced, tokens, stats } = expected;
        const events = await draw({ prompts, settings, crossLanes, ...(forced && { forced: int32(forced) }) });
        expect(tokensOf(events)).toEqual(tokens);
        events.forEach(({ sides, divergenceBits }, step) => {
          const numbers = [...numbersOf(sides.a, divergenceBits), ...numbersOf(sides.b, divergenceBits)];
          numbers.forEach((number, index) => {
            const reference = stats[step]?.[index];
            const isCross = index % 25 === 7 || index % 25 === 8;
            if (isCross && !crossLanes) expect(number).toBeNaN();
            // Codes of equal probability 0 (beyond a truncation) may be listed in any order.
            else if (index % 25 >= 9 && index % 25 < 17)
              expect(numbers[index + 8] === 0 || number === reference, `step ${step}, number ${index}`).toBe(true);
            else if (number === Infinity) expect(reference).toBeGreaterThan(1e20);
            else expect(Math.abs(number - (reference ?? NaN)), `step ${step}, number ${index}`).toBeLessThan(2e-3);
          });
        });
      },
    );

    test('identical coupled prompts give identical sides; independent ones do not', async () => {
      const prompts = { a: PROMPTS.a, b: PROMPTS.a };
      for (const { sides, divergenceBits } of await draw({ prompts, settings: SETTINGS })) {
        expect(withoutCross(sides.b)).toEqual(withoutCross(sides.a));
        expect(divergenceBits).toBeCloseTo(0, 5);
        expect(sides.a.crossScoreBits).toBe(0);
      }
      const { a, b } = tokensOf(await draw({ prompts, settings: { ...SETTINGS, coupling: 'independent' } }));
      expect(a).not.toEqual(b);
    });

    test('editing B leaves A bit-equal', async () => {
      const sideA = async (b: string, crossLanes: boolean) =>
        (await draw({ prompts: { a: PROMPTS.a, b }, settings: SETTINGS, crossLanes })).map(({ sides }) =>
          withoutCross(sides.a),
        );
      const before = await sideA(PROMPTS.b, true);
      expect(await sideA('a green car', true)).toEqual(before);
      expect(await sideA('three cats "OK"', false)).toEqual(before);
    });

    test('cross lanes change nothing but their own numbers', async () => {
      const plain = await draw({ ...REQUEST, crossLanes: false });
      const full = await draw({ ...REQUEST, crossLanes: true });
      const bare = (events: StepEvent[]) =>
        events.map(({ step, sides, divergenceBits }) => ({
          step,
          divergenceBits,
          a: withoutCross(sides.a),
          b: withoutCross(sides.b),
        }));
      expect(bare(plain)).toEqual(bare(full));
      expect(plain.every(({ sides }) => Number.isNaN(sides.a.promptDivergenceBits))).toBe(true);
      expect(full.every(({ sides }) => Number.isFinite(sides.a.promptDivergenceBits))).toBe(true);
    });

    test('guidance 1, which takes no unconditional lanes, draws what the weights next to it draw', async () => {
      const at = (guidanceWeight: number) => draw({ ...REQUEST, settings: { ...SETTINGS, guidanceWeight } });
      const without = await at(1);
      const withThem = await at(1 + 2 ** -20);
      expect(tokensOf(without)).toEqual(tokensOf(withThem));
      for (const [step, { sides, divergenceBits }] of without.entries()) {
        const other = withThem[step] as StepEvent;
        expect(divergenceBits).toBeCloseTo(other.divergenceBits, 4);
        for (const side of ['a', 'b'] as const) {
          expect(sides[side].probability).toBeCloseTo(other.sides[side].probability, 4);
          expect(sides[side].crossScoreBits).toBe(other.sides[side].crossScoreBits);
          expect(sides[side].promptDivergenceBits).toBe(other.sides[side].promptDivergenceBits);
        }
      }
    });

    test('takes forced tokens and still says what it would have chosen', async () => {
      const free = await draw(REQUEST);
      const replay = await draw({ ...REQUEST, forced: int32(tokensOf(free)) });
      expect(replay).toEqual(free);
      const forced = { a: Int32Array.of(-1, 5, -1, 9), b: Int32Array.of(3) };
      const events = await draw({ ...REQUEST, forced });
      expect(tokensOf(events).a.slice(0, 4)).toEqual([free[0]?.sides.a.token, 5, events[2]?.sides.a.choice, 9]);
      expect(events[0]?.sides.b).toMatchObject({ token: 3, choice: free[0]?.sides.b.choice });
    });

    test('a draw begun from given tokens goes on as the whole draw did', async () => {
      const whole = await draw(REQUEST);
      const { a, b } = tokensOf(whole);
      for (const k of [0, 1, columns, STEPS - 1, STEPS]) {
        const from = int32({ a: a.slice(0, k), b: b.slice(0, k) });
        expect(await draw({ ...REQUEST, from }), `${k} tokens`).toEqual(whole.slice(k));
      }
    });

    test('a draw begun from tokens of its own choosing is that in which they are forced', async () => {
      const from = { a: Int32Array.of(1, 2, 3, 4, 5), b: Int32Array.of(5, 4, 3, 2, 1) };
      const later = { a: Int32Array.of(-1, 9, -1, -1, -1, -1, 7), b: Int32Array.of() };
      const forced = { a: Int32Array.of(1, 2, 3, 4, 5, -1, 7), b: from.b };
      expect(await draw({ ...REQUEST, from, forced: later })).toEqual((await draw({ ...REQUEST, forced })).slice(5));
    });

    test('refuses given tokens that do not fit', async () => {
      const refused = (a: Int32Array, b: Int32Array) =>
        expect(draw({ ...REQUEST, from: { a, b } })).rejects.toMatchObject({ code: 'bad-request' });
      await refused(Int32Array.of(1, 2), Int32Array.of(1));
      await refused(new Int32Array(STEPS + 1), new Int32Array(STEPS + 1));
      await refused(Int32Array.of(codes), Int32Array.of(1));
      await refused(Int32Array.of(1), Int32Array.of(-1));
    });

    test('greedy ignores seed, temperature, top-k and top-p', async () => {
      const greedy = { ...SETTINGS, greedy: true };
      const one = await draw({ prompts: PROMPTS, settings: greedy });
      expect(
        await draw({ prompts: PROMPTS, settings: { ...greedy, seed: 99, temperature: 0.3, topK: 3, topP: 0.2 } }),
      ).toEqual(one);
      expect(one.every(({ sides }) => sides.a.rank === 1)).toBe(true);
    });

    test('cross scores by teacher forcing are those of the draw', async () => {
      const events = await draw(REQUEST);
      const scores = await engine.crossScores({ prompts: PROMPTS, tokens: int32(tokensOf(events)) });
      for (const side of ['a', 'b'] as const) {
        events.forEach(({ step, sides }) => {
          expect(scores.crossScoreBits[side][step]).toBeCloseTo(sides[side].crossScoreBits, 4);
          expect(scores.promptDivergenceBits[side][step]).toBeCloseTo(sides[side].promptDivergenceBits, 4);
        });
      }
    });

    test('a rerun of its own comparison agrees at every step', async () => {
      const tokens = int32(tokensOf(await draw(REQUEST)));
      const report = await rerun(engine, { prompts: PROMPTS, settings: SETTINGS, tokens });
      expect(report).toMatchObject({
        steps: STEPS,
        sides: { a: { agree: STEPS, mismatches: [] }, b: { agree: STEPS, mismatches: [] } },
      });
      expect(report.sides.a.smallestMargin).toBeGreaterThan(0);
      tokens.a[4] = ((tokens.a[4] ?? 0) + 1) % codes;
      const altered = await rerun(engine, { prompts: PROMPTS, settings: SETTINGS, tokens });
      expect(altered.sides.a.mismatches).toContain(4);
    });

    test('not pulling is a pause, and does not change the result', async () => {
      const whole = await draw(REQUEST);
      const slow: StepEvent[] = [];
      for await (const event of engine.draw(REQUEST)) {
        slow.push(event);
        if (event.step % 9 === 0) await new Promise((resolve) => setTimeout(resolve, 20));
      }
      expect(slow).toEqual(whole);
    });

    test('leaving the loop frees the engine', async () => {
      const whole = await draw(REQUEST);
      for await (const event of engine.draw(REQUEST)) if (event.step === 5) break;
      expect(await draw(REQUEST)).toEqual(whole);
    });

    test('aborting ends a draw with its own error and frees the engine', async () => {
      const stop = new AbortController();
      const seen: number[] = [];
      const drawing = (async () => {
        for await (const { step } of engine.draw(REQUEST, { signal: stop.signal })) {
          seen.push(step);
          if (step === 3) stop.abort();
        }
      })();
      await expect(drawing).rejects.toMatchObject({ code: 'aborted' });
      expect(seen.length).toBeLessThan(STEPS);
      expect(await draw(REQUEST)).toHaveLength(STEPS);
      await expect(draw(REQUEST, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'aborted' });
    });

    test('refuses a second draw while one goes on', async () => {
      const first = engine.draw(REQUEST)[Symbol.asyncIterator]();
      await first.next();
      await expect(draw(REQUEST)).rejects.toMatchObject({ code: 'busy' });
      await first.return?.();
      expect(await draw(REQUEST)).toHaveLength(STEPS);
    });

    test('refuses what cannot be drawn, each with its code', async () => {
      const refused = (request: DrawRequest) => expect(draw(request)).rejects;
      await refused({ prompts: { a: '  ', b: 'a cat' }, settings: SETTINGS }).toMatchObject({
        code: 'empty-prompt',
        data: { side: 'A' },
      });
      await refused({ prompts: PROMPTS, settings: { ...SETTINGS, topP: 0 } }).toMatchObject({ code: 'bad-settings' });
      await refused({ ...REQUEST, forced: { a: Int32Array.of(codes), b: Int32Array.of() } }).toMatchObject({
        code: 'bad-request',
      });
    });

    test('draws long, foreign and unknown text', async () => {
      const long = ['x'.repeat(10_000), 'red '.repeat(2_500)];
      const odd = ['\u202emirror \u0000\u0007 text', 'צלחת אדומה', '🍎🍎', ...(cutsPrompts ? long : [])];
      for (const text of odd) {
        const request = { prompts: { a: `a ${text}`, b: 'a cat' }, settings: SETTINGS };
        for await (const { step } of engine.draw(request)) if (step === 1) break;
      }
    });
  },
);

describe.each(implementations)('the life of an engine %s', (_name, create) => {
  test('does not draw before it is loaded', async () => {
    const engine = create();
    await expect(collect(engine.draw(REQUEST))).rejects.toMatchObject({ code: 'not-loaded' });
    await engine.dispose();
  });

  test('reports progress that grows to its total', async () => {
    const engine = create();
    const reports: [number, number][] = [];
    await engine.load(TINY, { onProgress: ({ loadedBytes, totalBytes }) => reports.push([loadedBytes, totalBytes]) });
    expect(reports.length).toBeGreaterThan(2);
    expect(reports.every(([loaded, total]) => loaded <= total)).toBe(true);
    expect(reports.at(-1)?.[0]).toBe(reports.at(-1)?.[1]);
    await engine.dispose();
  });

  test('a load can be aborted, and tried again', async () => {
    const engine = create();
    const stop = new AbortController();
    await expect(
      engine.load(TINY, {
        signal: stop.signal,
        onProgress: () => {
          stop.abort();
        },
      }),
    ).rejects.toMatchObject({ code: 'aborted' });
    expect(engine.info).toBeNull();
    expect((await engine.load(TINY)).modelName).toBe('tiny');
    await engine.dispose();
  });

  test('can be disposed while it loads, while it draws, and twice', async () => {
    const loading = create();
    const load = loading.load(TINY);
    await Promise.all([expect(load).rejects.toMatchObject({ code: 'disposed' }), loading.dispose()]);
    const engine = create();
    await engine.load(TINY);
    const steps = engine.draw(REQUEST)[Symbol.asyncIterator]();
    await steps.next();
    const rest = (async () => {
      while (!(await steps.next()).done);
    })();
    await Promise.all([expect(rest).rejects.toMatchObject({ code: 'disposed' }), engine.dispose()]);
    await engine.dispose();
    await expect(engine.load(TINY)).rejects.toMatchObject({ code: 'disposed' });
  });

  test('names a model that is not there', async () => {
    const engine = create();
    await expect(engine.load({ kind: 'directory', path: '/nowhere/at-all' })).rejects.toMatchObject({
      code: 'model-unknown',
      data: { model: 'at-all' },
    });
    await engine.dispose();
  });
});
