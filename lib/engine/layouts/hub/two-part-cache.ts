import { inOrder, type ModelParts, node, readNode } from '@/lib/onnx';
import type { HubShape } from './shape';

/** A language model that reads its cache in two parts: what a run was given, and what the run's own tokens added. */
export interface TwoPartCache {
  readonly model: ModelParts;
  /** int64 constants that its nodes read. */
  readonly constants: Readonly<Record<string, readonly number[]>>;
}

/** What its nodes call the given part of an input of the cache, [lanes, heads, t, channels]; the input itself is the run's own part. */
export const givenPart = (past: string): string => `${past}/given`;

/** The size [lanes, heads, t, channels] that an input of the cache had before it was taken apart. */
const sizeOfBoth = (past: string, size: string): readonly Uint8Array[] => [
  node('Shape', [givenPart(past)], [`${size}/given`]),
  node('Shape', [past], [`${size}/own`]),
  node('Mul', [`${size}/own`, 'cache/length'], [`${size}/added`]),
  node('Add', [`${size}/given`, `${size}/added`], [size]),
];

/**
 * Takes a model's `MultiHeadAttention` apart, so that in a Loop only a short cache grows: a Loop that carries the whole cache copies it for every token. The given part lies
 * outside, where bodies read it as it is. Null where the cache is not read by such nodes alone, or is not float32, which is all that the CPU's kernels take.
 */
export function twoPartCache(
  model: ModelParts,
  { cache, cacheType, heads, headSize }: Pick<HubShape, 'cache' | 'cacheType' | 'heads' | 'headSize'>,
): TwoPartCache | null {
  // Sizes are measured in the first layer, whose place in the graph says nothing.
  const inTurn = inOrder(model.nodes);
  const read = inTurn.map(readNode);
  const presentOf = new Map(cache.map(({ past, present }) => [past, present]));
  const isAttention = ({ type, inputs, outputs, attributes }: (typeof read)[number]) => {
    const [, , , bias = '', padding = '', , keys = '', values = '', ...more] = inputs;
    return (
      type === 'MultiHeadAttention' &&
      [bias, padding, ...more].every((name) => name === '') &&
      attributes.get('num_heads') === heads &&
      (attributes.get('unidirectional') ?? 0) === 0 &&
      outputs.length === 3 &&
      presentOf.get(keys) === outputs[1] &&
      presentOf.get(values) === outputs[2]
    );
  };
  /** The size of an input of the cache, from which graphs compute positions and masks. */
  const isSize = ({ type, inputs, attributes }: (typeof read)[number]) =>
    type === 'Shape' && presentOf.has(inputs[0] ?? '') && attributes.size === 0;
  const attentions = read.filter(isAttention);
  const others = read.filter((each) => !isAttention(each) && !isSize(each));
  const isWhole =
    2 * attentions.length === cache.length && !others.some(({ inputs }) => inputs.some((name) => presentOf.has(name)));
  if (cacheType !== 'float32' || !isWhole) return null;

  let sizes: string | null = null;
  const nodes = read.flatMap((each, index) => {
    if (isSize(each)) return sizeOfBoth(each.inputs[0] as string, each.outputs[0] as string);
    if (!isAttention(each)) return [inTurn[index] as Uint8Array];
    const [query, key, value, , , mask, keys, values] = each.inputs as [
      string,
      string,
      string,
      string,
      string,
      string | undefined,
      string,
      string,
    ];
    const [mixed, allKeys, allValues] = each.outputs as [string, string, string];
    const own = (part: string) => `${mixed}/${part}`;
    const inHeads = (name: string, part: string) => [
      node('Reshape', [name, 'attention/heads'], [own(`${part}/split`)]),
      node('Transpose', [own(`${part}/split`)], [own(part)], { perm: [0, 2, 1, 3] }),
    ];
    const scale = { float: each.attributes.get('scale') || headSize ** -0.5 };
    const scores = (of: string, part: string) =>
      node('FusedMatMul', [own('query'), of], [own(`scores/${part}`)], { transB: 1, alpha: scale }, 'com.microsoft');
    // Alike in every layer, so computed in the first.
    const measured = sizes === null;
    sizes ??= own('sizes');
    return [
      ...inHeads(query, 'query'),
      ...inHeads(key, 'key'),
      ...inHeads(value, 'value'),
      node('Concat', [keys, own('key')], [allKeys], { axis: 2 }),
      node('Concat', [values, own('value')], [allValues], { axis: 2 }),
      scores(givenPart(keys), 'given'),
      scores(allKeys, 'own'),
      ...(measured
        ? [
            node('Shape', [givenPart(keys)], [own('sizes/given')], { start: 2, end: 3 }),
            node('Shape', [allKeys], [own('sizes/own')], { start: 2, end: 3 }),
            node('Concat', [own('sizes/given'), own('sizes/own')], [sizes], { axis: 0 }),
          ]
        : []),
      node('Concat', [own('scores/given'), own('scores/own')], [own('scores')], { axis: 3 }),
      ...(mask ? [node('Add', [own('scores'), mask], [own('scores/masked')])] : []),
      node('Softmax', [own(mask ? 'scores/masked' : 'scores')], [own('weights')], { axis: -1 }),
      node('Split', [own('weights'), sizes], [own('weights/given'), own('weights/own')], { axis: 3 }),
      node('MatMul', [own('weights/given'), givenPart(values)], [own('mixed/given')]),
      node('MatMul', [own('weights/own'), allValues], [own('mixed/own')]),
      node('Add', [own('mixed/given'), own('mixed/own')], [own('mixed')]),
      node('Transpose', [own('mixed')], [own('mixed/by position')], { perm: [0, 2, 1, 3] }),
      node('Reshape', [own('mixed/by position'), 'attention/width'], [mixed]),
    ];
  });
  return {
    model: { ...model, nodes },
    constants: {
      ...(read.some(isSize) && { 'cache/length': [0, 0, 1, 0] }),
      'attention/heads': [0, 0, heads, headSize],
      'attention/width': [0, 0, heads * headSize],
    },
  };
}
