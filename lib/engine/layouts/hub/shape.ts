import { ModelError } from '@/lib/domain';
import type { ChosenGraph, HubConfig } from '@/lib/models';
import { ELEMENT, type ElementType, type GraphOutline, type GraphValue } from '@/lib/onnx';
import type { CachePort } from '../../runtime/parts-runtime';

/** A graph's file and what it says about itself. */
export interface OutlinedGraph {
  readonly file: ChosenGraph;
  readonly outline: GraphOutline;
}

/** The only input or output of one of the small graphs. */
interface Port {
  readonly name: string;
  readonly type: ElementType;
}

/** Names, types and sizes of a model's graphs, as its files have them. */
export interface HubShape {
  readonly hiddenSize: number;
  readonly codes: number;
  readonly heads: number;
  readonly headSize: number;
  readonly cacheType: ElementType;
  readonly cache: readonly CachePort[];
  readonly embeddings: Port;
  readonly hidden: Port;
  /** Some exporters compute positions inside the graph. */
  readonly hasPositions: boolean;
  readonly head: { readonly input: Port; readonly output: Port };
  readonly image: { readonly input: string; readonly output: Port };
  /** Null where its rows are fetched one by one. */
  readonly text: {
    readonly inputs: readonly GraphValue[];
    readonly output: Port;
    /** Null where it is not found in the graph. */
    readonly rows: number | null;
  } | null;
  /** Positions of prompt and image together. */
  readonly positions: number;
}

const mismatch = (file: string, detail: string) => new ModelError('model-mismatch', { file, detail });

function port(value: GraphValue, file: string): Port {
  if (!(value.type in ELEMENT) || value.type === 'int64')
    throw mismatch(file, `${value.name} is ${value.type}, where float32 or float16 is needed`);
  return { name: value.name, type: value.type as ElementType };
}

function sized(value: GraphValue, axis: number, size: number, file: string): void {
  const found = value.dims.at(axis);
  if (typeof found === 'number' && found !== size)
    throw mismatch(file, `${value.name} has ${found} numbers where the others have ${size}`);
}

function named(values: readonly GraphValue[], name: string, file: string): GraphValue {
  const found = values.find((value) => value.name === name);
  if (!found) throw mismatch(file, `it has no ${name}, as a graph of that name should`);
  return found;
}

function only(values: readonly GraphValue[], what: string, file: string): GraphValue {
  const [value] = values;
  if (!value || values.length !== 1) throw mismatch(file, `it has ${values.length} ${what}s where one is expected`);
  return value;
}

/** Reads the cache's layers in their order. */
function cacheOf(
  { inputs, outputs }: GraphOutline,
  file: string,
): { readonly ports: CachePort[]; readonly first: GraphValue } {
  const ports: CachePort[] = [];
  let first: GraphValue | null = null;
  for (let layer = 0; ; layer++) {
    const key = inputs.find(({ name }) => name === `past_key_values.${layer}.key`);
    if (!key) break;
    first ??= key;
    for (const part of ['key', 'value']) {
      const past = named(inputs, `past_key_values.${layer}.${part}`, file);
      if (past.type !== first.type)
        throw mismatch(file, `${past.name} is ${past.type}, the other layers' are ${first.type}`);
      ports.push({ past: past.name, present: named(outputs, `present.${layer}.${part}`, file).name });
    }
  }
  if (!first) throw mismatch(file, 'it has no past_key_values.0.key, as a language model should');
  return { ports, first };
}

function textShape({ file: { path }, outline }: OutlinedGraph, hiddenSize: number): NonNullable<HubShape['text']> {
  const rows = only(outline.outputs, 'output', path);
  sized(rows, -1, hiddenSize, path);
  const ids = named(outline.inputs, 'input_ids', path);
  if (ids.type !== 'int64') throw mismatch(path, `${ids.name} is ${ids.type}, where int64 is needed`);
  return { inputs: outline.inputs, output: port(rows, path), rows: outline.lookups[ids.name] ?? null };
}

export interface HubOutlines {
  readonly language: OutlinedGraph;
  readonly head: OutlinedGraph;
  readonly image: OutlinedGraph;
  readonly text: OutlinedGraph | null;
}

/**
 * Joins what the files say. Sizes that a graph leaves open come from `config.json`. Throws `model-mismatch`, naming the file, where one does not fit the
 * others.
 */
export function hubShape({ language, head, image, text }: HubOutlines, config: HubConfig): HubShape {
  const { inputs, outputs } = language.outline;
  const file = language.file.path;
  const embeddings = named(inputs, 'inputs_embeds', file);
  named(inputs, 'attention_mask', file);
  const { ports, first } = cacheOf(language.outline, file);
  if (ports.length !== 2 * config.layers)
    throw mismatch(file, `it has ${ports.length / 2} layers, and config.json says ${config.layers}`);
  const width = embeddings.dims.at(-1);
  const hiddenSize = typeof width === 'number' ? width : config.hiddenSize;
  if (hiddenSize !== config.hiddenSize)
    throw mismatch(file, `its embeddings have ${hiddenSize} numbers, and config.json says ${config.hiddenSize}`);
  const hidden = only(
    outputs.filter(({ name }) => !name.startsWith('present.')),
    'output of hidden state',
    file,
  );
  sized(hidden, -1, hiddenSize, file);
  const number = (axis: number, otherwise: number) => {
    const size = first.dims.at(axis);
    return typeof size === 'number' ? size : otherwise;
  };

  const headFile = head.file.path;
  const headInput = only(head.outline.inputs, 'input', headFile);
  const logits = only(head.outline.outputs, 'output', headFile);
  sized(headInput, -1, hiddenSize, headFile);
  sized(logits, -1, config.codes, headFile);

  const imageFile = image.file.path;
  const ids = only(image.outline.inputs, 'input', imageFile);
  const codes = only(image.outline.outputs, 'output', imageFile);
  sized(codes, -1, hiddenSize, imageFile);

  const imageRows = image.outline.lookups[ids.name] ?? config.codes;
  if (imageRows < config.codes)
    throw mismatch(imageFile, `it has ${imageRows} image codes, and config.json says ${config.codes}`);
  if (ids.type !== 'int64') throw mismatch(imageFile, `${ids.name} is ${ids.type}, where int64 is needed`);

  return {
    hiddenSize,
    codes: config.codes,
    heads: number(1, config.heads),
    headSize: number(3, config.headSize),
    cacheType: port(first, file).type,
    cache: ports,
    embeddings: port(embeddings, file),
    hidden: port(hidden, file),
    hasPositions: inputs.some(({ name }) => name === 'position_ids'),
    head: { input: port(headInput, headFile), output: port(logits, headFile) },
    image: { input: ids.name, output: port(codes, imageFile) },
    text: text && textShape(text, hiddenSize),
    positions: config.positions,
  };
}
