import { ModelError } from '@/lib/domain';

/**
 * The parts of a Janus in the hub's layout. Drawing needs all but the last; `prepare_inputs_embeds` stands in where `embed_tokens` is missing.
 * Answering questions about pictures needs `prepare_inputs_embeds`, `language_model` and `lm_head`.
 */
export type HubGraph =
  | 'language_model'
  | 'gen_head'
  | 'gen_img_embeds'
  | 'image_decode'
  | 'embed_tokens'
  | 'prepare_inputs_embeds'
  | 'lm_head';

/** File name suffixes and the number types that they stand for, as transformers.js and its exporters spell them. */
const SUFFIXES = {
  fp32: '',
  fp16: '_fp16',
  q4: '_q4',
  q4f16: '_q4f16',
  q8: '_q8',
  q8f16: '_q8f16',
  quantized: '_quantized',
  int8: '_int8',
  uint8: '_uint8',
  bnb4: '_bnb4',
} as const;

export type HubDtype = keyof typeof SUFFIXES;

export interface FolderFile {
  /** Relative to the model's folder, with slashes. */
  readonly path: string;
  readonly bytes: number;
}

/** What the choice of files depends on. */
export interface HubDevice {
  readonly webgpu: boolean;
  /** 16-bit arithmetic in shaders. */
  readonly shaderF16: boolean;
}

export interface ChosenGraph {
  readonly graph: HubGraph;
  readonly dtype: HubDtype;
  readonly path: string;
  /** Files with the graph's weights beside it, by their names. */
  readonly data: readonly string[];
  /** Of all of them. */
  readonly bytes: number;
}

/** Which of a folder's files are downloaded and run. */
export interface HubChoice {
  readonly graphs: Readonly<
    Record<Exclude<HubGraph, 'embed_tokens' | 'prepare_inputs_embeds' | 'lm_head'> | 'text', ChosenGraph>
  >;
  /** Configuration and tokenizer. */
  readonly texts: readonly string[];
  /** Every file, each once. */
  readonly files: readonly FolderFile[];
  readonly bytes: number;
  /** True where nothing in the folder can do without 16-bit arithmetic on the GPU. */
  readonly needsShaderF16: boolean;
}

export const HUB_TEXTS = {
  needed: ['config.json', 'tokenizer.json'],
  optional: ['generation_config.json', 'processor_config.json', 'tokenizer_config.json'],
} as const;

/** Types whose activations are 16-bit. */
const HALF: ReadonlySet<HubDtype> = new Set(['fp16', 'q4f16', 'q8f16']);
/** Dynamically quantized activations take one scale over all lanes, so that editing one prompt would change the other side: only if nothing else is there. */
const DYNAMIC: readonly HubDtype[] = ['quantized', 'int8', 'uint8'];

/** A float32 language model beyond this leaves a 4 GB heap no room for its own cache. */
const LARGEST_FLOAT32_ON_CPU = 1.5e9;

type Order = readonly HubDtype[];

const LANGUAGE_MODEL: Readonly<Record<'cpu' | 'cpuLarge' | 'gpu' | 'gpuF16', Order>> = {
  // 4-bit kernels of the CPU are several times slower than float32 ones.
  cpu: ['fp32', 'q4', 'q8', 'bnb4', ...DYNAMIC, 'fp16', 'q4f16', 'q8f16'],
  cpuLarge: ['q4', 'q8', 'bnb4', ...DYNAMIC, 'q4f16', 'q8f16', 'fp32', 'fp16'],
  gpu: ['q4', 'q8', 'fp32', ...DYNAMIC, 'bnb4', 'q4f16', 'q8f16', 'fp16'],
  gpuF16: ['q4f16', 'q4', 'q8f16', 'q8', 'fp16', 'fp32', ...DYNAMIC, 'bnb4'],
};
const FULL: Order = ['fp32', 'fp16', 'q8', 'q4', 'bnb4', ...DYNAMIC, 'q8f16', 'q4f16'];
const HALF_FIRST: Order = ['fp16', 'fp32', 'q8f16', 'q4f16', 'q8', 'q4', 'bnb4', ...DYNAMIC];

/** Every type in which a graph is there, with its files. */
function variantsOf(graph: HubGraph, files: readonly FolderFile[]): ReadonlyMap<HubDtype, ChosenGraph> {
  const variants = new Map<HubDtype, ChosenGraph>();
  for (const [dtype, suffix] of Object.entries(SUFFIXES) as [HubDtype, string][]) {
    const path = `onnx/${graph}${suffix}.onnx`;
    const own = files.find((file) => file.path === path);
    if (!own) continue;
    const data = files.filter(
      (file) => /^[._]data(_\d+)?$/.test(file.path.slice(path.length)) && file.path.startsWith(path),
    );
    const bytes = data.reduce((sum, file) => sum + file.bytes, own.bytes);
    variants.set(dtype, { graph, dtype, path, data: data.map((file) => file.path), bytes });
  }
  return variants;
}

function choose(
  graph: HubGraph,
  files: readonly FolderFile[],
  order: (variants: ReadonlyMap<HubDtype, ChosenGraph>) => Order,
): ChosenGraph | null {
  const variants = variantsOf(graph, files);
  for (const dtype of order(variants)) {
    const variant = variants.get(dtype);
    if (variant) return variant;
  }
  return null;
}

function needed(graph: HubGraph, chosen: ChosenGraph | null): ChosenGraph {
  if (!chosen) throw new ModelError('model-missing', { file: `onnx/${graph}.onnx` });
  return chosen;
}

const isGraph = (path: string): boolean => path.startsWith('onnx/') && path.endsWith('.onnx');

/** Weights as other programs read them: PyTorch, safetensors, llama.cpp, TensorFlow. */
const isForeign = (path: string): boolean =>
  /(?:^|\/)(?:(?:pytorch_model|model|consolidated)[\w.-]*\.(?:bin|pt|pth|ckpt|h5|msgpack)|[\w.-]+\.(?:safetensors|gguf|pth?|ckpt))$/i.test(
    path,
  );

/** The first of a folder's files that holds weights for other programs, where it has no ONNX graph; null elsewhere. */
export const foreignWeights = (paths: readonly string[]): string | null =>
  paths.some(isGraph) ? null : (paths.find(isForeign) ?? null);

/** True for a folder in the hub's layout, complete or not, by its files' names. */
export const isHubFolder = (paths: readonly string[]): boolean =>
  paths.includes('config.json') || paths.some(isGraph) || foreignWeights(paths) !== null;

/**
 * Chooses, for each part, the best file that is there: a 4-bit language model with 16-bit activations where shaders can compute in 16 bits, 32-bit
 * activations where they cannot, and float32 weights on the CPU as long as they fit. Names alone decide, so the choice can be made before anything is
 * downloaded. Throws `model-missing` with the path of the first part that is not there in any type, and `model-no-onnx` for weights of other programs.
 */
export function chooseHubFiles(files: readonly FolderFile[], { webgpu, shaderF16 }: HubDevice): HubChoice {
  const foreign = foreignWeights(files.map(({ path }) => path));
  if (foreign !== null) throw new ModelError('model-no-onnx', { file: foreign });
  const texts = HUB_TEXTS.needed.map((path) => {
    const file = files.find((each) => each.path === path);
    if (!file) throw new ModelError('model-missing', { file: path });
    return file;
  });
  texts.push(...files.filter(({ path }) => (HUB_TEXTS.optional as readonly string[]).includes(path)));

  const language = needed(
    'language_model',
    choose('language_model', files, (variants) => {
      if (webgpu) return shaderF16 ? LANGUAGE_MODEL.gpuF16 : LANGUAGE_MODEL.gpu;
      return (variants.get('fp32')?.bytes ?? 0) > LARGEST_FLOAT32_ON_CPU ? LANGUAGE_MODEL.cpuLarge : LANGUAGE_MODEL.cpu;
    }),
  );
  // Hidden states come in the language model's type: 16-bit ones fit the 16-bit head.
  const gen_head = needed(
    'gen_head',
    choose('gen_head', files, () => (HALF.has(language.dtype) ? HALF_FIRST : FULL)),
  );
  const gen_img_embeds = needed(
    'gen_img_embeds',
    choose('gen_img_embeds', files, () => FULL),
  );
  const image_decode = needed(
    'image_decode',
    choose('image_decode', files, () => FULL),
  );
  // A table to look rows up in, on the CPU: 16 bits hold what was trained in 16 bits, at half the size.
  const text =
    choose('embed_tokens', files, () => (language.dtype === 'fp32' ? FULL : HALF_FIRST)) ??
    choose('prepare_inputs_embeds', files, () => ['fp16', 'q4f16', 'q4', 'fp32', 'q8', ...DYNAMIC, 'q8f16', 'bnb4']);
  const graphs = {
    language_model: language,
    gen_head,
    gen_img_embeds,
    image_decode,
    text: needed('embed_tokens', text),
  };

  const wanted = new Set([
    ...texts.map(({ path }) => path),
    ...Object.values(graphs).flatMap(({ path, data }) => [path, ...data]),
  ]);
  const all = files.filter(({ path }) => wanted.has(path));
  return {
    graphs,
    texts: texts.map(({ path }) => path),
    files: all,
    bytes: all.reduce((sum, { bytes }) => sum + bytes, 0),
    needsShaderF16: [language, gen_head, gen_img_embeds].some(({ dtype }) => HALF.has(dtype)),
  };
}

/** What of a folder is run to answer questions about pictures, on the CPU. */
export type UnderstandingChoice = Readonly<Record<'language_model' | 'prepare_inputs_embeds' | 'lm_head', ChosenGraph>>;

/** Chooses the files of a folder that answer questions about pictures; null where the folder only draws. */
export function chooseUnderstandingFiles(files: readonly FolderFile[]): UnderstandingChoice | null {
  const language_model = choose('language_model', files, (variants) =>
    (variants.get('fp32')?.bytes ?? 0) > LARGEST_FLOAT32_ON_CPU ? LANGUAGE_MODEL.cpuLarge : LANGUAGE_MODEL.cpu,
  );
  const prepare_inputs_embeds = choose('prepare_inputs_embeds', files, () => LANGUAGE_MODEL.cpuLarge);
  const lm_head = choose('lm_head', files, () =>
    language_model && HALF.has(language_model.dtype) ? HALF_FIRST : FULL,
  );
  return language_model && prepare_inputs_embeds && lm_head && { language_model, prepare_inputs_embeds, lm_head };
}
