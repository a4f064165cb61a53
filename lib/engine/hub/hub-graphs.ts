import { ModelError, readGraphOutline, type ChosenGraph, type GraphOutline, type HubChoice, type HubConfig, type HubFolder } from '../../models';
import type { Feeds, Session } from '../decode-backend';
import { EngineError, throwIfAborted } from '../errors';
import { createCpuSession, type GraphBytes, type HubRuntime } from './hub-runtime';
import { castGraph, type ElementType } from './onnx-writer';
import { samplerGraph } from './sampler-graph';
import { hubShape, type HubShape } from './shape';
import { TextEmbedder } from './text-embedder';

type Tensor = Feeds[string];

/** A graph read from its folder: what it says about itself, its bytes, and the digest of each of its files. */
interface ReadGraph extends GraphBytes {
  readonly outline: GraphOutline;
  readonly digests: readonly FileDigestLine[];
}

export type FileDigestLine = readonly [path: string, sha256: string];

export interface ReadOptions {
  readonly signal: AbortSignal;
  readonly onBytes: (path: string, bytes: number) => void;
}

/** Reads a graph and the weight files that it names. Throws `model-missing`, `model-truncated`, `model-altered` or `model-damaged`, naming the file. */
export async function readGraph(folder: HubFolder, file: ChosenGraph, { signal, onBytes }: ReadOptions): Promise<ReadGraph> {
  const read = (path: string) =>
    folder.read(path, {
      signal,
      onBytes: (bytes) => {
        onBytes(path, bytes);
      },
    });
  const { data: graph, sha256 } = await read(file.path);
  const outline = readGraphOutline(graph, file.path);
  const external: { readonly path: string; readonly data: Uint8Array }[] = [];
  const digests: [string, string][] = [[file.path, sha256]];
  const base = file.path.slice(0, file.path.lastIndexOf('/') + 1);
  for (const [name, bytes] of Object.entries(outline.external)) {
    const path = base + name;
    const found = await read(path);
    if (found.data.length < bytes) throw new ModelError('model-truncated', { file: path, expectedBytes: bytes, receivedBytes: found.data.length });
    external.push({ path: name, data: found.data });
    digests.push([path, found.sha256]);
  }
  return { outline, graph, external, digests };
}

/** A new session; a graph that the runtime refuses is a damaged file. Memory and the device are told apart from that. */
async function open(file: string, create: () => Promise<Session>): Promise<Session> {
  try {
    return await create();
  } catch (error) {
    if (error instanceof Error && /protobuf|not a valid|invalid model|parse|schema|Unrecognized|No Op registered|Type Error|ShapeInference|initializer/i.test(error.message)) {
      throw new EngineError('model-damaged', { file, detail: error.message.replace(/\s+/g, ' ').slice(0, 160) }, { cause: error });
    }
    throw error;
  }
}

/** Where a session gives its only output. */
const onlyOutput = (results: Feeds): Tensor => Object.values(results)[0] as Tensor;

/** The sessions of a folder in the hub's layout, with everything between them. */
export class HubGraphs {
  private constructor(
    private readonly runtime: HubRuntime,
    readonly shape: HubShape,
    private readonly sessions: {
      readonly language: Session;
      readonly head: Session;
      readonly image: Session;
      readonly sampler: Session;
    },
    private readonly casts: ReadonlyMap<string, Session>,
    private readonly text: TextEmbedder,
  ) {}

  /**
   * Reads the graphs one after another and opens each before the next is read, so that only one file's bytes are held at a time. Also gives the digests of
   * all files that decide about tokens.
   */
  static async load(
    folder: HubFolder,
    choice: HubChoice,
    config: HubConfig,
    runtime: HubRuntime,
    options: ReadOptions,
  ): Promise<{ readonly graphs: HubGraphs; readonly digests: readonly FileDigestLine[] }> {
    const { ort } = runtime;
    const opened: Session[] = [];
    const digests: FileDigestLine[] = [];
    const keep = async (session: Promise<Session>) => {
      const ready = await session;
      opened.push(ready);
      throwIfAborted(options.signal);
      return ready;
    };
    const read = async (file: ChosenGraph, create: (bytes: GraphBytes) => Promise<Session>) => {
      const graph = await readGraph(folder, file, options);
      digests.push(...graph.digests);
      const session = await keep(open(file.path, () => create(graph)));
      return { session, file, outline: graph.outline };
    };
    const onDevice = (graph: GraphBytes) => runtime.createSession(graph);
    const onCpu = (graph: GraphBytes) => createCpuSession(ort, graph);
    try {
      // The largest first, while memory is least divided.
      const language = await read(choice.graphs.language_model, onDevice);
      const head = await read(choice.graphs.gen_head, onDevice);
      const image = await read(choice.graphs.gen_img_embeds, onDevice);
      // A look-up once a drawing: its table need not take the device's memory.
      const text = await read(choice.graphs.text, onCpu);
      const shape = hubShape({ language, head, image, text }, config);
      const sampler = await keep(
        onDevice({
          graph: samplerGraph({ codes: shape.codes, logits: shape.head.output.type, webgpu: runtime.executionProvider === 'webgpu' }),
          external: [],
        }),
      );
      const casts = new Map<string, Session>();
      for (const [from, to] of [[shape.image.output.type, shape.embeddings.type], [shape.hidden.type, shape.head.input.type]] as const) {
        if (from === to || casts.has(`${from} ${to}`)) continue;
        casts.set(`${from} ${to}`, await keep(onDevice({ graph: castGraph(from, to), external: [] })));
      }
      const { type } = shape.text.output;
      const textCast = type === shape.embeddings.type ? null : await keep(onCpu({ graph: castGraph(type, shape.embeddings.type), external: [] }));
      const sessions = { language: language.session, head: head.session, image: image.session, sampler };
      return { graphs: new HubGraphs(runtime, shape, sessions, casts, new TextEmbedder(ort, text.session, textCast, shape)), digests };
    } catch (error) {
      for (const session of opened) await session.release().catch(() => undefined);
      throw error;
    }
  }

  /** Embeddings of text tokens, int64 [lanes, length] -> [lanes, length, hidden size] in the language model's type, on the CPU. */
  embedText(ids: BigInt64Array, lanes: number, length: number): Promise<Tensor> {
    return this.text.embed(ids, lanes, length);
  }

  /** Embeddings of image tokens, int64 [lanes, 1]. */
  async embedImage(ids: Tensor): Promise<Tensor> {
    const { input, output } = this.shape.image;
    return this.#cast(onlyOutput(await this.runtime.run(this.sessions.image, { [input]: ids })), output.type, this.shape.embeddings.type);
  }

  /** Runs the language model over new positions; gives the hidden states and the new cache, by the names under which it goes in again. */
  async advance(embeddings: Tensor, mask: Tensor, positions: Tensor, past: Feeds): Promise<{ readonly hidden: Tensor; readonly cache: Feeds }> {
    const { embeddings: input, hidden, cache, hasPositions } = this.shape;
    const results = await this.runtime.run(this.sessions.language, {
      [input.name]: embeddings,
      attention_mask: mask,
      ...(hasPositions && { position_ids: positions }),
      ...past,
    });
    return { hidden: results[hidden.name] as Tensor, cache: Object.fromEntries(cache.map(({ past: name, present }) => [name, results[present] as Tensor])) };
  }

  /** Hidden states [lanes, length, hidden size] -> logits [lanes, length, codes]; disposes of the hidden states. */
  async logits(hidden: Tensor): Promise<Tensor> {
    const { input } = this.shape.head;
    const fitting = await this.#cast(hidden, this.shape.hidden.type, input.type);
    const logits = onlyOutput(await this.runtime.run(this.sessions.head, { [input.name]: fitting }));
    fitting.dispose();
    return logits;
  }

  sample(feeds: Feeds): Promise<Feeds> {
    return this.runtime.run(this.sessions.sampler, feeds);
  }

  /** The cache before the first position. */
  emptyCache(lanes: number): Feeds {
    const { ort } = this.runtime;
    const { heads, headSize, cacheType, cache } = this.shape;
    const dims = [lanes, heads, 0, headSize];
    // Which class 16-bit numbers have depends on the browser.
    const Halves = (globalThis as { Float16Array?: typeof Uint16Array }).Float16Array ?? Uint16Array;
    const none = () =>
      cacheType === 'float16' ? new ort.Tensor('float16', new Halves(0), dims) : new ort.Tensor('float32', new Float32Array(0), dims);
    return Object.fromEntries(cache.map(({ past }) => [past, none()]));
  }

  async release(): Promise<void> {
    const { language, head, image, sampler } = this.sessions;
    for (const session of [language, head, image, sampler, ...this.casts.values()]) await session.release();
    await this.text.release();
  }

  /** The same numbers in another type; disposes of the given ones where it makes new ones. */
  async #cast(x: Tensor, from: ElementType, to: ElementType): Promise<Tensor> {
    const cast = this.casts.get(`${from} ${to}`);
    if (!cast) return x;
    const y = onlyOutput(await this.runtime.run(cast, { x }));
    x.dispose();
    return y;
  }
}

