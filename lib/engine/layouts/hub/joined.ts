import { EngineError, ModelError, throwIfAborted } from '@/lib/domain';
import type { HubChoice, HubConfig, HubFolder } from '@/lib/models';
import type { DecodeRun } from '../../decode/backend';
import { type ChunkGraph, ChunkRun, type ChunkStart } from '../../decode/ort/chunk-run';
import { createChunkSession } from '../../decode/ort/cpu';
import { leftPadded } from '../../decode/ort/prefix';
import type { Ort, Session } from '../../decode/ort/types';
import { paddedLength } from '../../decode/padding';
import type { DecodePlan } from '../../decode/plan';
import { chunkGraph } from './chunk-graph';
import { type FileDigestLine, readGraph, type ReadOptions } from './graphs';
import { emptyCache } from './kv-cache';
import type { HubSequence } from './run';
import { createCpuSession } from './runtime';
import { hubShape, type HubShape } from './shape';
import { TextEmbedder } from './text-embedder';
import type { TextRows } from './text-rows';

/** A language model beyond this takes long for a step. */
const LARGE_BYTES = 2e8;

const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1);

export interface LoadedJoinedHub {
  readonly joined: JoinedHub;
  readonly digests: readonly FileDigestLine[];
}

/** The graphs of a folder in the hub's layout, joined into one when it is loaded: its weights stay the folder's. */
export class JoinedHub {
  private constructor(
    readonly shape: HubShape,
    private readonly graph: Omit<ChunkGraph, 'steps'>,
    private readonly text: TextEmbedder,
  ) {}

  /**
   * Null where the folder's graphs cannot be joined, or the runtime refuses what comes out; they can be run one by one then. Throws as reading them does:
   * `model-missing`, `model-truncated`, `model-altered`, `model-damaged` or `model-mismatch`, naming the file.
   */
  static async load(
    folder: HubFolder,
    choice: HubChoice,
    config: HubConfig,
    ort: Ort,
    options: ReadOptions & { readonly rows?: TextRows | undefined },
  ): Promise<LoadedJoinedHub | null> {
    const opened: Session[] = [];
    const keep = async (session: Promise<Session>) => {
      const ready = await session;
      opened.push(ready);
      throwIfAborted(options.signal);
      return ready;
    };
    const read = async (file: HubChoice['graphs']['text']) => ({ ...(await readGraph(folder, file, options)), file });
    const { language_model, gen_head, gen_img_embeds } = choice.graphs;
    try {
      const [language, head, image, text] = [
        await read(language_model),
        await read(gen_head),
        await read(gen_img_embeds),
        options.rows ? null : await read(choice.graphs.text),
      ] as const;
      const shape = hubShape({ language, head, image, text }, config);
      const parts = { language, head, image };
      const { graph, files } = chunkGraph({ language: named(language), head: named(head), image: named(image) }, shape);
      const weights = [
        ...files,
        ...Object.values(parts).flatMap((part) => [
          { path: nameOf(part.file.path), data: part.graph },
          ...part.external,
        ]),
      ];
      const session = await keep(createChunkSession(ort, graph, weights));
      const table = text && { session: await keep(createCpuSession(ort, text)), file: text.file.path };
      const embedder = await TextEmbedder.open(ort, shape, table, options.rows, (cast) =>
        keep(createCpuSession(ort, { graph: cast, external: [] })),
      );
      const large = language_model.bytes > LARGE_BYTES;
      const carried = { past: 'embeddings', present: 'next_embeddings' };
      const joined = new JoinedHub(
        shape,
        { ort, session, file: language_model.path, codes: shape.codes, large, carried, cache: shape.cache },
        embedder,
      );
      return { joined, digests: [language, head, image, text].flatMap((each) => each?.digests ?? []) };
    } catch (error) {
      for (const session of opened) await session.release().catch(() => undefined);
      if (options.signal.aborted || error instanceof ModelError || error instanceof EngineError) throw error;
      return null;
    }
  }

  /** Begins a drawing. Rows are filled up on the left as in a `HubRun`. */
  start(plan: DecodePlan, sequence: HubSequence): DecodeRun {
    return new ChunkRun({ ...this.graph, steps: sequence.steps }, plan, () => this.#begin(plan, sequence));
  }

  async #begin({ prefixes }: DecodePlan, { pad }: HubSequence): Promise<ChunkStart> {
    const { ort } = this.graph;
    const { heads, headSize, cacheType: type, cache: ports } = this.shape;
    const lanes = prefixes.length;
    const slots = paddedLength(Math.max(...prefixes.map(({ length }) => length)));
    const pads = new ort.Tensor(
      'int64',
      BigInt64Array.from(prefixes, ({ length }) => BigInt(slots - length)),
      [lanes],
    );
    return {
      carried: await this.text.embed(leftPadded(prefixes, pad, slots), lanes, slots),
      cache: emptyCache(ort, { ports, type, lanes, heads, headSize }),
      feeds: () => ({ pads }),
    };
  }

  async release(): Promise<void> {
    await this.graph.session.release();
    await this.text.release();
  }
}

const named = ({ file, graph }: { readonly file: { readonly path: string }; readonly graph: Uint8Array }) => ({
  file: nameOf(file.path),
  graph,
});
