import { describe, expect, test, vi } from 'vitest';
import type { Pair, StepEvent } from '@/lib/domain';
import type { ModelLocation } from '@/lib/models';
import { DirectorySource } from '@/lib/models/node';
import { testModel } from '@/lib/models/testing';
import { Composer, type Declared, readNode, takeApart } from '@/lib/onnx';
import type { Engine } from '../../interface/engine';
import { createNodeEngine } from '../../node';
import { builtDrawn, builtJanus, drawn, JANUS, watchedEngine } from '../../testing/janus';
import { collect, tokensOf } from '../../testing/tiny';
import { JoinedHub } from './joined';
import { twoPartCache } from './two-part-cache';

/** Language models by onnxruntime-genai's builder, which made the published folders' graphs. */

const slow = { timeout: 120_000 };
const GRAPH = 'onnx/language_model.onnx';
const [golden] = drawn.cases;
if (golden === undefined) throw new Error('No drawing is recorded.');

const drawWith = async (engine: Engine, model: ModelLocation, of = golden): Promise<StepEvent[]> => {
  await engine.load(model);
  const { prompts, settings, crossLanes } = of;
  const events = await collect(engine.draw({ prompts, settings, crossLanes }));
  await engine.dispose();
  return events;
};

/** The builder's float32 graph with other nodes, its weights in a file beside it. */
const rebuilt = async (change: (nodes: readonly Uint8Array[]) => readonly Uint8Array[]) => {
  const data = await new DirectorySource(testModel('janus-builder')).read(GRAPH, { maxBytes: 2 ** 20 });
  const model = takeApart(data, 'language_model.onnx_data');
  const composer = new Composer([model]);
  const same = Object.fromEntries([...model.inputs, ...model.outputs].map((name) => [name, name]));
  const { nodes } = composer.place(model, 'inside', same);
  const declared = (name: string): Declared => {
    if (name === 'inputs_embeds' || name === 'hidden_states')
      return { name, type: 'float32', dims: ['batch', 'sequence', 32] };
    if (name === 'attention_mask' || name === 'position_ids') return { name, type: 'int64', dims: ['batch', name] };
    return { name, type: 'float32', dims: ['batch', 2, name.startsWith('past') ? 'past' : 'total', 16] };
  };
  const graph = composer.done(change(nodes), model.inputs.map(declared), model.outputs.map(declared));
  return builtJanus('', { [GRAPH]: Uint8Array.from(graph), 'onnx/language_model.onnx_data': data });
};

/** What each run of the language model took, in positions: of a drawing with pieces of at most 16. */
const piecesOf = async (model: ModelLocation): Promise<{ readonly pieces: number[]; readonly events: StepEvent[] }> => {
  let pieces: number[] = [];
  const engine = watchedEngine(
    ({ hidden_states: hidden }) => {
      if (hidden) pieces.push(hidden.dims[1] as number);
    },
    { prefill: 16 },
  );
  await engine.load(model);
  pieces = [];
  const events = await collect(engine.draw({ prompts: golden.prompts, settings: golden.settings }));
  await engine.dispose();
  return { pieces, events };
};

describe('a long prefix', slow, () => {
  test('takes one run with an empty cache and then one position at a time, whoever made the graph', async () => {
    const pieces = [16, ...Array.from({ length: 15 }, () => 1), ...Array.from({ length: 64 }, () => 1)];
    for (const model of [JANUS, await builtJanus()]) {
      const found = await piecesOf(model);
      expect(found.pieces).toEqual(pieces);
      expect(tokensOf(found.events)).toEqual(golden.tokens);
    }
  });
});

describe('put together into one graph', slow, () => {
  const joins = async (model: ModelLocation): Promise<{ readonly joined: boolean; readonly events: StepEvent[] }> => {
    const load = vi.spyOn(JoinedHub, 'load');
    const events = await drawWith(createNodeEngine(), model);
    const joined = (await load.mock.results[0]?.value) as unknown;
    load.mockRestore();
    return { joined: joined !== null && joined !== undefined, events };
  };

  test('in the order in which the builder leaves its nodes, and in any other', async () => {
    const { joined, events } = await joins(await builtJanus());
    expect(joined).toBe(true);
    expect(tokensOf(events)).toEqual(golden.tokens);
    const backwards = await joins(await rebuilt((nodes) => nodes.toReversed()));
    expect(backwards.joined).toBe(true);
    expect(tokensOf(backwards.events)).toEqual(golden.tokens);
  });

  test('its cache is in two parts, though it reads the cache’s size', async () => {
    const cache = [0, 1].flatMap((layer) =>
      ['key', 'value'].map((part) => ({
        past: `past_key_values.${layer}.${part}`,
        present: `present.${layer}.${part}`,
      })),
    );
    const data = await new DirectorySource(testModel('janus-builder')).read(GRAPH, { maxBytes: 2 ** 20 });
    const model = takeApart(data, null);
    const apart = twoPartCache(model, { heads: 2, headSize: 16, cache, cacheType: 'float32' });
    expect(apart?.model.nodes.map((each) => readNode(each).type)).not.toContain('MultiHeadAttention');
  });
});

describe('with 4-bit weights', slow, () => {
  test.each(builtDrawn.cases.map((each, index) => [index, each] as const))(
    'draws what PyTorch draws with the same weights: case %i',
    async (_index, each) => {
      expect(tokensOf(await drawWith(createNodeEngine(), await builtJanus('_q4'), each))).toEqual(each.tokens);
      const pieces = watchedEngine(() => undefined, { prefill: 16 });
      expect(tokensOf(await drawWith(pieces, await builtJanus('_q4'), each))).toEqual(each.tokens);
    },
  );

  test('and 16-bit arithmetic, draws the same in pieces as at once, up to choices that are too close to call', async () => {
    const atOnce = await drawWith(
      watchedEngine(() => undefined),
      await builtJanus('_q4f16'),
    );
    const pieces = await drawWith(
      watchedEngine(() => undefined, { prefill: 16 }),
      await builtJanus('_q4f16'),
    );
    expect(atOnce).toHaveLength(64);
    for (const side of ['a', 'b'] as const satisfies readonly (keyof Pair<unknown>)[]) {
      const differs = atOnce.findIndex(({ sides }, step) => sides[side].token !== pieces[step]?.sides[side].token);
      if (differs >= 0) expect(atOnce[differs]?.sides[side].margin, `side ${side}, step ${differs}`).toBeLessThan(0.05);
    }
  });
});
