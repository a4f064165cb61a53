import { type ModelParts, operatorOf, Unfusable } from './model-parts';
import { fieldsOf, MessageWriter, numbersOf, textOf } from './protobuf';

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
  // Bodies of loops and branches.
  for (const { number, bytes } of fieldsOf(node)) {
    if (number === 5 && [...fieldsOf(bytes)].some((field) => field.number === 6 || field.number === 11)) {
      throw new Unfusable(`${type} with a body of version ${from} is not taken into version ${to}`);
    }
  }
  return same;
}

/** NodeProto: input = 1, attribute = 5; AttributeProto: name = 1, ints = 8. */
function axesAsInput(node: Uint8Array, name: string): Upgraded {
  const out = new MessageWriter();
  const axes: number[] = [];
  let inputs = 0;
  for (const { number, bytes, raw } of fieldsOf(node)) {
    const isAxes =
      number === 5 && [...fieldsOf(bytes)].some((field) => field.number === 1 && textOf(field.bytes) === 'axes');
    if (isAxes) for (const field of fieldsOf(bytes)) if (field.number === 8) axes.push(...numbersOf(field));
    if (number === 1) inputs++;
    if (!isAxes) out.raw(raw);
  }
  if (axes.length === 0 || inputs !== 1) return { node, constants: {} };
  return { node: out.text(1, name).done(), constants: { [name]: axes } };
}

/** NodeProto: input = 1, output = 2, attribute = 5; AttributeProto: name = 1, i = 3, type = 20 (INT = 2). */
function withParts(node: Uint8Array): Uint8Array {
  const inputs: string[] = [];
  let outputs = 0;
  for (const { number, bytes } of fieldsOf(node)) {
    if (number === 1) inputs.push(textOf(bytes));
    if (number === 2) outputs++;
  }
  if (inputs[1]) return node;
  return new MessageWriter()
    .raw(node)
    .message(5, new MessageWriter().text(1, 'num_outputs').varint(3, outputs).varint(20, 2))
    .done();
}
