import type { ModelParts } from './model-parts';
import { attribute, operatorOf } from './operation';
import { ATTRIBUTE, NODE } from './proto';
import { fieldsOf, lastOf, MessageWriter, numbersOf, textOf } from './protobuf';
import { Unfusable } from './unfusable';

/**
 * One model has one version of ONNX's operators, and a folder's graphs need not agree. Versions add inputs and attributes with neutral defaults; these are
 * the operators of which a version reads an older node otherwise.
 */
const CHANGED: Readonly<Record<string, number>> = {
  ReduceSum: 13,
  Softmax: 13,
  LogSoftmax: 13,
  Hardmax: 13,
  Squeeze: 13,
  Unsqueeze: 13,
  BatchNormalization: 15,
  RoiAlign: 16,
  GridSample: 20,
  GroupNormalization: 21,
};
/** Their `axes` became an input with version 18. */
const REDUCTIONS: ReadonlySet<string> = new Set([
  'ReduceMax',
  'ReduceMin',
  'ReduceMean',
  'ReduceProd',
  'ReduceL1',
  'ReduceL2',
  'ReduceLogSum',
  'ReduceLogSumExp',
  'ReduceSumSquare',
]);
/** `Split` without sizes has to say into how many parts since version 18, and took sizes as an attribute before 13. */
const SPLIT = 'Split';
const MOVED = 18;

/** What constants a node needs beside it, and the node itself. */
export interface Upgraded {
  readonly node: Uint8Array;
  /** int64 constants by the names under which the node reads them. */
  readonly constants: Readonly<Record<string, readonly number[]>>;
}

/** The highest version of each domain. Throws `Unfusable` where other domains than ONNX's do not agree. */
export function commonOpsets(models: readonly Pick<ModelParts, 'opsets'>[]): Map<string, number> {
  const common = new Map<string, number>();
  for (const { opsets } of models) {
    for (const [domain, version] of opsets) {
      const other = common.get(domain);
      if (domain !== '' && other !== undefined && other !== version)
        throw new Unfusable(`its graphs use two versions of ${domain}`);
      common.set(domain, Math.max(version, other ?? 0));
    }
  }
  return common;
}

/** A node of version `from` as one of version `to` reads it. `name` is free for a constant. Throws `Unfusable` where that is not known. */
export function upgraded(node: Uint8Array, from: number, to: number, name: string): Upgraded {
  const same = { node, constants: {} };
  const { type, domain } = operatorOf(node);
  if (domain !== '' || from === to) return same;
  const changed = CHANGED[type];
  if (changed !== undefined && from < changed && to >= changed)
    throw new Unfusable(`${type} of version ${from} is not what version ${to} has`);
  if (REDUCTIONS.has(type) && from < MOVED && to >= MOVED) return axesAsInput(node, name);
  if (type === SPLIT && from < MOVED && to >= MOVED) {
    if (from < 13) throw new Unfusable(`Split of version ${from} is not what version ${to} has`);
    return { node: withParts(node), constants: {} };
  }
  if (attributesOf(node).some((bytes) => [...fieldsOf(bytes)].some(isBody)))
    throw new Unfusable(`${type} with a body of version ${from} is not taken into version ${to}`);
  return same;
}

/** Bodies of loops and branches. */
const isBody = ({ number }: { readonly number: number }): boolean =>
  number === ATTRIBUTE.g || number === ATTRIBUTE.graphs;

const attributesOf = (node: Uint8Array): readonly Uint8Array[] =>
  [...fieldsOf(node)].filter(({ number }) => number === NODE.attribute).map(({ bytes }) => bytes);

function axesAsInput(node: Uint8Array, name: string): Upgraded {
  const out = new MessageWriter();
  const axes: number[] = [];
  let inputs = 0;
  for (const { number, bytes, raw } of fieldsOf(node)) {
    const isAxes = number === NODE.attribute && textOf(lastOf(bytes, ATTRIBUTE.name)) === 'axes';
    if (isAxes)
      for (const field of fieldsOf(bytes))
        if (field.number === ATTRIBUTE.ints) for (const axis of numbersOf(field)) axes.push(axis);
    if (number === NODE.input) inputs++;
    if (!isAxes) out.raw(raw);
  }
  if (axes.length === 0 || inputs !== 1) return { node, constants: {} };
  return { node: out.text(NODE.input, name).done(), constants: { [name]: axes } };
}

function withParts(node: Uint8Array): Uint8Array {
  const inputs: string[] = [];
  let outputs = 0;
  for (const { number, bytes } of fieldsOf(node)) {
    if (number === NODE.input) inputs.push(textOf(bytes));
    if (number === NODE.output) outputs++;
  }
  if (inputs[1]) return node;
  return new MessageWriter().raw(node).message(NODE.attribute, attribute('num_outputs', outputs)).done();
}
