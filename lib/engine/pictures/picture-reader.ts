import { type DecodedImage, EngineError, ModelError, throwIfAborted, toEngineError } from '@/lib/domain';
import type { PictureReader, ReadingRequest, WordProbabilities } from '@/lib/judge';
import {
  chooseUnderstandingFiles,
  type ChosenGraph,
  type FileSource,
  type HubFolder,
  HubTokenizer,
  likelyPictureTokens,
  type ModelLocation,
  openHubFolder,
  parseHubConfig,
  sha256Hex,
} from '@/lib/models';
import { castGraph, type ElementType, type GraphOutline } from '@/lib/onnx';
import { bytesOfGraph, openSession } from '../decode/ort/open-session';
import type { Feeds, Ort, Session } from '../decode/ort/types';
import { readGraph } from '../layouts/hub/graphs';
import { createCpuSession } from '../layouts/hub/runtime';
import type { Runtime } from '../runtime/runtime';

type Tensor = Feeds[string];

interface Graph {
  readonly file: ChosenGraph;
  readonly outline: GraphOutline;
  readonly session: Session;
}

/** (x / 255 - mean) / deviation, as Janus's processor has it for every channel. */
const [MEAN, DEVIATION] = [0.5, 0.5];

const onlyOutput = (results: Feeds, outline: GraphOutline): Tensor =>
  results[
    (outline.outputs.find(({ name }) => !name.startsWith('present.')) ?? outline.outputs[0])?.name ?? ''
  ] as Tensor;

/** Planes of one picture, float32 [3, height, width] in -1..1; the picture is what this Janus draws, so nothing is resized. */
function planesOf({ width, height, data }: DecodedImage): Float32Array<ArrayBuffer> {
  const planes = new Float32Array(3 * width * height);
  for (let pixel = 0; pixel < width * height; pixel++) {
    for (let channel = 0; channel < 3; channel++)
      planes[channel * width * height + pixel] = ((data[4 * pixel + channel] ?? 0) / 255 - MEAN) / DEVIATION;
  }
  return planes;
}

/** A Janus's own understanding, in the thread it is called from and on the processor: what it would begin an answer about a picture with. */
class HubUnderstanding {
  private constructor(
    private readonly ort: Ort,
    private readonly graphs: { readonly embeds: Graph; readonly language: Graph; readonly head: Graph },
    private readonly tokenizer: HubTokenizer,
    private readonly cache: { readonly heads: number; readonly headSize: number },
    private readonly pictureTokens: number,
    /** 12 hex digits that stand for the files which decide about answers. */
    readonly version: string,
  ) {}

  static async load(ort: Ort, folder: HubFolder, signal: AbortSignal): Promise<HubUnderstanding> {
    const choice = chooseUnderstandingFiles(folder.files);
    if (choice === null) throw new ModelError('model-missing', { file: 'onnx/lm_head.onnx' });
    const text = async (path: string) => (await folder.read(path, { signal })).data;
    const config = parseHubConfig(await text('config.json'));
    const tokenizerFile = await folder.read('tokenizer.json', { signal });
    const tokenizer = new HubTokenizer(tokenizerFile.data);
    const texts = folder.files.map(({ path }) => path);
    const told = await likelyPictureTokens({ texts }, text);
    const digests: string[] = [`tokenizer.json ${tokenizerFile.sha256}`];
    const opened: Session[] = [];
    const open = async (file: ChosenGraph): Promise<Graph> => {
      const { outline, digests: own, ...bytes } = await readGraph(folder, file, { signal, onBytes: () => undefined });
      digests.push(...own.map((each) => each.join(' ')));
      const session = await openSession(file.path, bytesOfGraph(bytes.graph, bytes.external), () =>
        createCpuSession(ort, bytes),
      );
      opened.push(session);
      throwIfAborted(signal);
      return { file, outline, session };
    };
    try {
      // One after another, the largest first: only one file's bytes are held at a time.
      const language = await open(choice.language_model);
      const embeds = await open(choice.prepare_inputs_embeds);
      const head = await open(choice.lm_head);
      const version = (await sha256Hex(new TextEncoder().encode(digests.join('\n')))).slice(0, 12);
      // The graph that takes pictures in knows best how many tokens they are.
      const taken = embeds.outline.inputs.find(({ name }) => name === 'images_emb_mask')?.dims.at(-1);
      const pictureTokens = typeof taken === 'number' ? taken : told;
      return new HubUnderstanding(ort, { embeds, language, head }, tokenizer, config, pictureTokens, version);
    } catch (error) {
      for (const session of opened) await session.release().catch(() => undefined);
      throw error;
    }
  }

  async read(
    image: DecodedImage,
    question: string,
    words: readonly string[],
    signal: AbortSignal,
  ): Promise<WordProbabilities> {
    const { ort, tokenizer, pictureTokens, graphs } = this;
    const { ids, isPicture } = tokenizer.question(question, pictureTokens);
    tokenizer.assertRows(ids, graphs.embeds.outline.lookups.input_ids ?? null);
    const length = ids.length;
    const wanted = graphs.embeds.outline.inputs.find(({ name }) => name === 'pixel_values')?.dims.slice(-2) ?? [];
    if (wanted.some((size, axis) => typeof size === 'number' && size !== [image.height, image.width][axis])) {
      throw new EngineError('bad-request', {
        problem: `This Janus looks at pictures of ${wanted.join(' × ')} pixels, as it draws them.`,
      });
    }
    const int64 = (values: readonly number[]) =>
      new ort.Tensor('int64', BigInt64Array.from(values, BigInt), [1, length]);
    const embedded = onlyOutput(
      await graphs.embeds.session.run({
        input_ids: int64(ids),
        pixel_values: new ort.Tensor('float32', planesOf(image), [1, 1, 3, image.height, image.width]),
        images_seq_mask: new ort.Tensor('bool', Uint8Array.from(isPicture, Number), [1, length]),
        images_emb_mask: new ort.Tensor('bool', new Uint8Array(pictureTokens).fill(1), [1, 1, pictureTokens]),
      }),
      graphs.embeds.outline,
    );
    throwIfAborted(signal);
    const { inputs } = graphs.language.outline;
    const feeds: Feeds = {
      inputs_embeds: await this.#fitting(embedded, graphs.language, 'inputs_embeds'),
      attention_mask: int64(ids.map(() => 1)),
      ...(inputs.some(({ name }) => name === 'position_ids') && {
        position_ids: int64(ids.map((_, position) => position)),
      }),
    };
    const Halves = (globalThis as { Float16Array?: typeof Uint16Array }).Float16Array ?? Uint16Array;
    for (const { name, type } of inputs) {
      if (!name.startsWith('past_key_values.')) continue;
      const dims = [1, this.cache.heads, 0, this.cache.headSize];
      feeds[name] =
        type === 'float16'
          ? new ort.Tensor('float16', new Halves(0), dims)
          : new ort.Tensor('float32', new Float32Array(0), dims);
    }
    const hidden = onlyOutput(await graphs.language.session.run(feeds), graphs.language.outline);
    throwIfAborted(signal);
    const headInput = graphs.head.outline.inputs[0]?.name ?? 'hidden_states';
    const logits = onlyOutput(
      await graphs.head.session.run({ [headInput]: await this.#fitting(this.#last(hidden), graphs.head, headInput) }),
      graphs.head.outline,
    );
    return this.#probabilities((await this.#cast(logits, 'float32')).data as Float32Array, words);
  }

  /** The last position of [1, length, width]. */
  #last(hidden: Tensor): Tensor {
    const width = hidden.dims.at(-1) ?? 0;
    const data = hidden.data as Float32Array<ArrayBuffer> | Uint16Array<ArrayBuffer>;
    const last = data.slice(data.length - width);
    return hidden.type === 'float16'
      ? new this.ort.Tensor('float16', last as Uint16Array<ArrayBuffer>, [1, 1, width])
      : new this.ort.Tensor('float32', last as Float32Array<ArrayBuffer>, [1, 1, width]);
  }

  #fitting(tensor: Tensor, { outline, file }: Graph, input: string): Promise<Tensor> {
    const type = outline.inputs.find(({ name }) => name === input)?.type;
    if (type !== 'float32' && type !== 'float16')
      throw new ModelError('model-mismatch', { file: file.path, detail: `it takes no ${input} of float32 or float16` });
    return this.#cast(tensor, type);
  }

  async #cast(tensor: Tensor, to: 'float32' | 'float16'): Promise<Tensor> {
    if (tensor.type === to) return tensor;
    const session = await createCpuSession(this.ort, {
      graph: castGraph(tensor.type as ElementType, to),
      external: [],
    });
    try {
      return Object.values(await session.run({ x: tensor }))[0] as Tensor;
    } finally {
      await session.release();
    }
  }

  /** The softmax over the whole vocabulary, summed over the tokens with which each word may begin; a token that two words share counts for neither. */
  #probabilities(logits: Float32Array, words: readonly string[]): WordProbabilities {
    let largest = -Infinity;
    for (const logit of logits) largest = Math.max(largest, logit);
    let sum = 0;
    for (const logit of logits) sum += Math.exp(logit - largest);
    const tokens = words.map((word) => this.tokenizer.firstTokens(word));
    const uses = new Map<number, number>();
    for (const id of tokens.flat()) uses.set(id, (uses.get(id) ?? 0) + 1);
    return words.map((word, index) => [
      word,
      (tokens[index] ?? []).reduce(
        (total, id) => total + (uses.get(id) === 1 ? Math.exp((logits[id] ?? -Infinity) - largest) / sum : 0),
        0,
      ),
    ]);
  }

  async release(): Promise<void> {
    for (const { session } of Object.values(this.graphs)) await session.release();
  }
}

/** Asks Janus models in the hub's layout about pictures; one is loaded when first asked and kept until another one is. Requests follow one another. */
export class LocalReader implements PictureReader {
  #held: { readonly key: string; readonly model: HubUnderstanding } | null = null;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly runtime: Pick<Runtime, 'prepare'>,
    private readonly sourceOf: (location: ModelLocation) => FileSource,
  ) {}

  version(
    model: ModelLocation,
    { signal = new AbortController().signal }: { readonly signal?: AbortSignal } = {},
  ): Promise<string> {
    return this.#next(async () => (await this.#ensure(model, signal)).version);
  }

  read(
    { model, image, question, words }: ReadingRequest,
    { signal = new AbortController().signal }: { readonly signal?: AbortSignal } = {},
  ): Promise<WordProbabilities> {
    return this.#next(async () => (await this.#ensure(model, signal)).read(image, question, words, signal));
  }

  async dispose(): Promise<void> {
    await this.#turn;
    await this.#held?.model.release();
    this.#held = null;
  }

  #next<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work).catch((error: unknown) => {
      throw toEngineError(error);
    });
    this.#turn = done.catch(() => undefined);
    return done;
  }

  async #ensure(location: ModelLocation, signal: AbortSignal): Promise<HubUnderstanding> {
    throwIfAborted(signal);
    const source = this.sourceOf(location);
    const key = location.kind === 'url' ? location.url : location.kind === 'directory' ? location.path : location.name;
    if (this.#held?.key === key) return this.#held.model;
    const folder = await openHubFolder(source, signal);
    if (folder === null)
      throw new EngineError('bad-request', {
        problem: 'Only a Janus in the hub’s layout can be asked about pictures.',
      });
    await this.#held?.model.release();
    this.#held = null;
    const ort = await this.runtime.prepare({ signal, onBytes: () => undefined });
    const model = await HubUnderstanding.load(ort, folder, signal);
    this.#held = { key, model };
    return model;
  }
}
