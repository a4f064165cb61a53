import {
  body,
  Composer,
  type Declared,
  ELEMENT,
  GraphWriter,
  type ModelParts,
  node,
  takeApart,
  Unfusable,
  unpacked,
  ZERO_POINTS,
  zeroPoints,
} from '@/lib/onnx';
import { STATS_PER_SIDE } from '../../decode/stats';
import { samplerGraph } from './sampler-graph';
import type { HubShape } from './shape';
import { givenPart, twoPartCache } from './two-part-cache';

/** A graph of the folder with its name there. */
export interface FolderGraph {
  /** Without the folder. */
  readonly file: string;
  readonly graph: Uint8Array;
}

export interface FolderGraphs {
  readonly language: FolderGraph;
  readonly head: FolderGraph;
  readonly image: FolderGraph;
}

/** The graph, and files of weights that it reads beside the folder's. */
export interface ChunkGraph {
  readonly graph: Uint8Array;
  readonly files: readonly { readonly path: string; readonly data: Uint8Array }[];
}

/** Embeddings [lanes, S, width] -> mask int64 [lanes, start + S] and position ids int64 [lanes, S] of rows whose first `pads` slots are empty, and where they end. */
function positionsGraph({ embeddings, hiddenSize }: HubShape): Uint8Array {
  const g = new GraphWriter('positions');
  const x = g.input('embeddings', embeddings.type, ['lanes', 'new', hiddenSize]);
  const start = g.input('start', 'int64', [1]);
  const pads = g.input('pads', 'int64', ['lanes']);
  const [zero, one] = [g.i64([0], []), g.i64([1], [])];
  const end = g.op('Add', [start, g.op('Shape', [x], { start: 1, end: 2 })]);
  const last = g.op('Squeeze', [end, g.i64([0])]);
  const empty = g.op('Unsqueeze', [pads, g.i64([1])]);
  const place = g.op('Sub', [g.op('Range', [g.op('Squeeze', [start, g.i64([0])]), last, one]), empty]);
  // Hugging Face's generation gives padding position 1.
  g.output('position_ids', g.op('Where', [g.op('Less', [place, zero]), one, place]), 'int64', ['lanes', 'new']);
  g.output(
    'attention_mask',
    g.op('Cast', [g.op('GreaterOrEqual', [g.op('Range', [zero, last, one]), empty])], { to: ELEMENT.int64 }),
    'int64',
    ['lanes', 'total'],
  );
  g.output('end', end, 'int64', [1]);
  return g.done();
}

/** Hidden states [lanes, S, width] -> the last one of each row, in the head's type. */
function lastGraph({ hidden, head, hiddenSize }: HubShape): Uint8Array {
  const g = new GraphWriter('last');
  const all = g.input('hidden', hidden.type, ['lanes', 'new', hiddenSize]);
  const last = g.op('Slice', [all, g.i64([-1]), g.i64([2 ** 31]), g.i64([1])]);
  g.output('last', g.op('Cast', [last], { to: ELEMENT[head.input.type] }), head.input.type, ['lanes', 1, hiddenSize]);
  return g.done();
}

/** Embeddings of a token in the language model's type. */
function nextGraph({ image, embeddings, hiddenSize }: HubShape): Uint8Array {
  const g = new GraphWriter('next');
  const dims = ['lanes', 1, hiddenSize];
  g.output(
    'next',
    g.op('Cast', [g.input('x', image.output.type, dims)], { to: ELEMENT[embeddings.type] }),
    embeddings.type,
    dims,
  );
  return g.done();
}

/** Row `index` of inputs that have one for each step. */
function stepGraph(codes: number): Uint8Array {
  const g = new GraphWriter('step');
  const index = g.input('iteration', 'int64', []);
  g.output(
    'noise',
    g.op('Gather', [g.input('all_noise', 'float32', ['steps', 2, codes]), index], { axis: 0 }),
    'float32',
    [2, codes],
  );
  g.output('forced', g.op('Gather', [g.input('all_forced', 'int64', ['steps', 2]), index], { axis: 0 }), 'int64', [2]);
  return g.done();
}

const SAMPLER_INPUTS = [
  'cond_lane',
  'uncond_lane',
  'cross_lane',
  'lane_side',
  'guidance',
  'temperature',
  'top_k',
  'top_p',
  'plausibility_log',
] as const;

/**
 * The graph. It takes `embeddings` [lanes, S, width] (the prefix at first, then what came out as `next_embeddings`), `start` int64 [1], `pads` int64 [lanes] (empty
 * slots on the left of each prefix), the cache, and the sampler's inputs with `noise` float32 [M, 2, codes] and `forced` int64 [M, 2]; it gives `stats`
 * [M, 2, STATS_PER_SIDE], `next_embeddings` [lanes, 1, width] and the cache. Throws `Unfusable` where the folder's graphs cannot be put together.
 */
export function chunkGraph(folder: FolderGraphs, shape: HubShape): ChunkGraph {
  const own = (bytes: Uint8Array) => takeApart(bytes, null);
  const language = takeApart(folder.language.graph, folder.language.file);
  const plain = unpacked(language);
  const twoParts = twoPartCache(plain?.model ?? language, shape);
  const parts = {
    language: twoParts?.model ?? plain?.model ?? language,
    head: takeApart(folder.head.graph, folder.head.file),
    image: takeApart(folder.image.graph, folder.image.file),
    sampler: own(samplerGraph({ codes: shape.codes, logits: shape.head.output.type, webgpu: false })),
    positions: own(positionsGraph(shape)),
    last: own(lastGraph(shape)),
    next: own(nextGraph(shape)),
    step: own(stepGraph(shape.codes)),
  } satisfies Record<string, ModelParts>;
  const composer = new Composer(Object.values(parts));
  const only = (values: readonly string[], of: string) => {
    const [value] = values;
    if (value === undefined || values.length !== 1)
      throw new Unfusable(`${of} has ${values.length} values where one is expected`);
    return value;
  };

  const step = composer.place(parts.step, 'step', { iteration: 'iteration', all_noise: 'noise', all_forced: 'forced' });
  const positions = composer.place(parts.positions, 'positions', {
    embeddings: 'token_embeddings',
    start: 'token_start',
    pads: 'pads',
  });
  // In two parts, what the Loop carries is its own tokens' alone.
  const caches = shape.cache.map(({ past, present }) => ({
    past,
    present,
    carried: `carried/${past}`,
    before: twoParts ? `none/${past}` : past,
    after: twoParts ? `own/${present}` : present,
  }));
  const lm = composer.place(parts.language, 'language', {
    [shape.embeddings.name]: 'token_embeddings',
    attention_mask: positions.of('attention_mask'),
    position_ids: positions.of('position_ids'),
    ...Object.fromEntries(
      caches.flatMap(({ past, carried }) => [
        [past, carried],
        [givenPart(past), past],
      ]),
    ),
  });
  for (const [name, values] of Object.entries(twoParts?.constants ?? {})) composer.constant(lm.of(name), values);
  const last = composer.place(parts.last, 'last', { hidden: lm.of(shape.hidden.name) });
  const head = composer.place(parts.head, 'head', { [shape.head.input.name]: last.of('last') });
  const sampler = composer.place(parts.sampler, 'sampler', {
    logits: head.of(only(parts.head.outputs, folder.head.file)),
    noise: step.of('noise'),
    forced: step.of('forced'),
    ...Object.fromEntries(SAMPLER_INPUTS.map((name) => [name, name])),
  });
  const image = composer.place(parts.image, 'image', { [shape.image.input]: sampler.of('next_ids') });
  const next = composer.place(parts.next, 'next', { x: image.of(only(parts.image.outputs, folder.image.file)) });

  const { hiddenSize, heads, headSize, cacheType, codes } = shape;
  const embeddings = (name: string, length: number | string): Declared => ({
    name,
    type: shape.embeddings.type,
    dims: ['lanes', length, hiddenSize],
  });
  const cache = (name: string, length: string): Declared => ({
    name,
    type: cacheType,
    dims: ['lanes', heads, length, headSize],
  });
  const whole = (name: string, type: Declared['type'], dims: Declared['dims']): Declared => ({ name, type, dims });
  const stats = whole(sampler.of('stats'), 'float32', [2, STATS_PER_SIDE]);

  const token = body(
    'token',
    [step, positions, lm, last, head, sampler, image, next]
      .flatMap(({ nodes }) => nodes)
      .concat(node('Identity', ['go_on'], ['goes_on'])),
    [
      whole('iteration', 'int64', []),
      whole('go_on', 'bool', []),
      embeddings('token_embeddings', 'new'),
      whole('token_start', 'int64', [1]),
      ...caches.map(({ carried }) => cache(carried, 'past')),
    ],
    [
      whole('goes_on', 'bool', []),
      embeddings(next.of('next'), 1),
      whole(positions.of('end'), 'int64', [1]),
      ...caches.map(({ present }) => cache(lm.of(present), 'total')),
      stats,
    ],
  );
  composer.constant('axis', [0]);
  if (twoParts) {
    composer.constant('nothing', [0]);
    composer.constant('positions', [2]);
  }
  const nodes = [
    ...(plain?.weights(composer, lm.of) ?? []),
    node('Shape', ['noise'], ['steps'], { start: 0, end: 1 }),
    node('Squeeze', ['steps', 'axis'], ['trips']),
    ...(twoParts
      ? caches.map(({ past, before }) => node('Slice', [past, 'nothing', 'nothing', 'positions'], [before]))
      : []),
    node(
      'Loop',
      ['trips', '', 'embeddings', 'start', ...caches.map(({ before }) => before)],
      ['next_embeddings', 'end', ...caches.map(({ after }) => after), 'stats'],
      { body: token },
    ),
    ...(twoParts
      ? caches.map(({ past, after, present }) => node('Concat', [past, after], [present], { axis: 2 }))
      : []),
  ];
  const inputs = [
    embeddings('embeddings', 'new_at_first'),
    whole('start', 'int64', [1]),
    whole('pads', 'int64', ['lanes']),
    ...['cond_lane', 'uncond_lane', 'cross_lane'].map((name) => whole(name, 'int64', [2])),
    whole('lane_side', 'int64', ['lanes']),
    ...['guidance', 'temperature', 'top_p', 'plausibility_log'].map((name) => whole(name, 'float32', [1])),
    whole('top_k', 'int64', [1]),
    whole('noise', 'float32', ['steps', 2, codes]),
    whole('forced', 'int64', ['steps', 2]),
    ...caches.map(({ past }) => cache(past, 'past_at_first')),
  ];
  const outputs = [
    embeddings('next_embeddings', 1),
    ...caches.map(({ present }) => cache(present, 'whole')),
    whole('stats', 'float32', ['steps', 2, STATS_PER_SIDE]),
  ];
  return {
    graph: composer.done(nodes, inputs, outputs),
    files: plain ? [{ path: ZERO_POINTS, data: zeroPoints(plain.zeroPointBytes) }] : [],
  };
}
