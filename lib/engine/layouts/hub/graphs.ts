import { ModelError, namingMemory, throwIfAborted } from '@/lib/domain';
import { type ChosenGraph, externalPath, type HubChoice, type HubConfig, type HubFolder } from '@/lib/models';
import { castGraph, type ElementType, type GraphOutline, readGraphOutline } from '@/lib/onnx';
import { bytesOfGraph, openSession } from '../../decode/ort/open-session';
import type { Feeds, Session } from '../../decode/ort/types';
import type { GraphBytes, HubRuntime, KvCache } from '../../runtime/parts-runtime';
import { assertReadable } from '../../runtime/versions';
import { assertFits, createCpuSession } from './runtime';
import { samplerGraph } from './sampler-graph';
import { hubShape, type HubShape } from './shape';
import { TextEmbedder } from './text-embedder';
import type { TextRows } from './text-rows';

type Tensor = Feeds[string];

/** Where a session gives its only output. */
const onlyOutput = (results: Feeds): Tensor => Object.values(results)[0] as Tensor;

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

/**
 * Reads a graph and the weight files that it names. Throws `model-missing`, `model-truncated`, `model-altered`, `model-damaged`, `model-outside` or
 * `model-too-new`, naming the file.
 */
export async function readGraph(
  folder: HubFolder,
  file: ChosenGraph,
  { signal, onBytes }: ReadOptions,
): Promise<ReadGraph> {
  const read = async (path: string) => {
    try {
      return await folder.read(path, {
        signal,
        onBytes: (bytes) => {
          onBytes(path, bytes);
        },
      });
    } catch (error) {
      throw namingMemory(error, path, folder.files.find((each) => each.path === path)?.bytes ?? 0);
    }
  };
  const { data: graph, sha256 } = await read(file.path);
  const outline = readGraphOutline(graph, file.path);
  assertReadable(outline, file.path);
  const external: { readonly path: string; readonly data: Uint8Array }[] = [];
  const digests: [string, string][] = [[file.path, sha256]];
  /** Weights are read once, by however many names the graph calls them. */
  const known = new Map<string, Awaited<ReturnType<typeof read>>>();
  for (const [name, bytes] of Object.entries(outline.external)) {
    const path = externalPath(file.path, name);
    const found = known.get(path) ?? (await read(path));
    if (!known.has(path)) digests.push([path, found.sha256]);
    known.set(path, found);
    if (found.data.length < bytes)
      throw new ModelError('model-truncated', { file: path, expectedBytes: bytes, receivedBytes: found.data.length });
    external.push({ path: name, data: found.data });
  }
  return { outline, graph, external, digests };
}

/** One of the sessions, and what to say of it where memory runs out. */
interface Part {
  readonly session: Session;
  readonly file: string;
  /** Of the graph and its weights. */
  readonly bytes: number;
}

/** A new session, and what it is of. Throws as `openSession` does. */
async function open(file: string, bytes: number, create: () => Promise<Session>): Promise<Part> {
  return { session: await openSession(file, bytes, create), file, bytes };
}

/** The sessions of a folder in the hub's layout, with everything between them. */
export class HubGraphs {
  private constructor(
    private readonly runtime: HubRuntime,
    readonly shape: HubShape,
    private readonly parts: {
      readonly language: Part;
      readonly head: Part;
      readonly image: Part;
      readonly sampler: Part;
    },
    private readonly casts: ReadonlyMap<string, Part>,
    private readonly text: TextEmbedder,
    /** Every session, to be released. */
    private readonly opened: readonly Part[],
  ) {}

  /**
   * Reads the graphs one after another and opens each before the next is read, so that only one file's bytes are held at a time. Also gives the digests of
   * all files that decide about tokens. With `rows`, the table of text embeddings is not read.
   */
  static async load(
    folder: HubFolder,
    choice: HubChoice,
    config: HubConfig,
    runtime: HubRuntime,
    options: ReadOptions & { readonly rows?: TextRows | undefined },
  ): Promise<{ readonly graphs: HubGraphs; readonly digests: readonly FileDigestLine[] }> {
    const { ort } = runtime;
    const opened: Part[] = [];
    const digests: FileDigestLine[] = [];
    const keep = async (part: Promise<Part>) => {
      const ready = await part;
      opened.push(ready);
      throwIfAborted(options.signal);
      return ready;
    };
    const read = async (
      file: ChosenGraph,
      create: (bytes: GraphBytes) => Promise<Session>,
      limits: HubRuntime['limits'],
    ) => {
      const graph = await readGraph(folder, file, options);
      digests.push(...graph.digests);
      assertFits(limits, graph.outline.largestWeight, file.path);
      const part = await keep(open(file.path, bytesOfGraph(graph.graph, graph.external), () => create(graph)));
      return { part, file, outline: graph.outline };
    };
    const onDevice = (graph: GraphBytes) => runtime.createSession(graph);
    const onCpu = (graph: GraphBytes) => createCpuSession(ort, graph);
    const own = (name: string, graph: Uint8Array, create: typeof onDevice) =>
      keep(open(name, graph.length, () => create({ graph, external: [] })));
    try {
      // The largest first, while memory is least divided.
      const language = await read(choice.graphs.language_model, onDevice, runtime.limits);
      const head = await read(choice.graphs.gen_head, onDevice, runtime.limits);
      const image = await read(choice.graphs.gen_img_embeds, onDevice, runtime.limits);
      // A look-up once a drawing: its table need not take the device's memory.
      const text = options.rows ? null : await read(choice.graphs.text, onCpu, null);
      const shape = hubShape({ language, head, image, text }, config);
      const sampler = await own(
        'the sampler',
        samplerGraph({
          codes: shape.codes,
          logits: shape.head.output.type,
          webgpu: runtime.executionProvider === 'webgpu',
        }),
        onDevice,
      );
      const casts = new Map<string, Part>();
      for (const [from, to] of [
        [shape.image.output.type, shape.embeddings.type],
        [shape.hidden.type, shape.head.input.type],
      ] as const) {
        if (from === to || casts.has(`${from} ${to}`)) continue;
        casts.set(`${from} ${to}`, await own('the sampler', castGraph(from, to), onDevice));
      }
      const embedder = await TextEmbedder.open(
        ort,
        shape,
        text && { session: text.part.session, file: text.file.path },
        options.rows,
        async (cast) => (await own('the sampler', cast, onCpu)).session,
      );
      const parts = { language: language.part, head: head.part, image: image.part, sampler };
      return { graphs: new HubGraphs(runtime, shape, parts, casts, embedder, opened), digests };
    } catch (error) {
      for (const { session } of opened) await session.release().catch(() => undefined);
      throw error;
    }
  }

  /** Embeddings of text tokens, int64 [lanes, length] -> [lanes, length, hidden size] in the language model's type, on the CPU. */
  embedText(ids: BigInt64Array, lanes: number, length: number): Promise<Tensor> {
    return this.text.embed(ids, lanes, length);
  }

  async #run({ session, file, bytes }: Part, feeds: Feeds, into?: Feeds): Promise<Feeds> {
    try {
      return await this.runtime.run(session, feeds, into);
    } catch (error) {
      throw namingMemory(error, file, bytes);
    }
  }

  /** Embeddings of image tokens, int64 [lanes, 1]. */
  async embedImage(ids: Tensor): Promise<Tensor> {
    const { input, output } = this.shape.image;
    return this.#cast(
      onlyOutput(await this.#run(this.parts.image, { [input]: ids })),
      output.type,
      this.shape.embeddings.type,
    );
  }

  /** Runs the language model over new positions, from the cache into the cache; gives the hidden states. */
  async advance(embeddings: Tensor, mask: Tensor, positions: Tensor, cache: KvCache): Promise<Tensor> {
    const { embeddings: input, hidden, hasPositions } = this.shape;
    const results = await this.#run(
      this.parts.language,
      {
        [input.name]: embeddings,
        attention_mask: mask,
        ...(hasPositions && { position_ids: positions }),
        ...cache.past,
      },
      cache.present,
    );
    cache.advance(results);
    return results[hidden.name] as Tensor;
  }

  /** Hidden states [lanes, length, hidden size] -> logits [lanes, length, codes]; disposes of the hidden states. */
  async logits(hidden: Tensor): Promise<Tensor> {
    const { input } = this.shape.head;
    const fitting = await this.#cast(hidden, this.shape.hidden.type, input.type);
    const logits = onlyOutput(await this.#run(this.parts.head, { [input.name]: fitting }));
    fitting.dispose();
    return logits;
  }

  sample(feeds: Feeds): Promise<Feeds> {
    return this.#run(this.parts.sampler, feeds);
  }

  async release(): Promise<void> {
    for (const { session } of this.opened) await session.release();
  }

  /** The same numbers in another type; disposes of the given ones where it makes new ones. */
  async #cast(x: Tensor, from: ElementType, to: ElementType): Promise<Tensor> {
    const cast = this.casts.get(`${from} ${to}`);
    if (!cast) return x;
    const y = onlyOutput(await this.#run(cast, { x }));
    x.dispose();
    return y;
  }
}
