import { type DecodedImage, EngineError, throwIfAborted, toEngineError } from '@/lib/domain';
import type { Judgement, JudgeRequest } from '@/lib/judge';
import { type FileSource, type FileStore, type ModelLocation, openHubFolder } from '@/lib/models';
import { bytesOfGraph, openSession } from '../decode/ort/open-session';
import type { Ort, Session } from '../decode/ort/types';
import type { LoadProgress, TokenReader } from '../interface/engine';
import { ProgressSum } from '../interface/progress';
import type { Runtime } from '../runtime/runtime';
import { assertPictureSize, padGrids, type PictureGraph, readManifestPictures, toRgba } from './bundled';
import { readHubPictures } from './hub';
import { LocalJudge } from './judge-session';

interface Loaded {
  readonly ort: Ort;
  readonly session: Session;
  readonly pictures: Omit<PictureGraph, 'graph' | 'external'>;
}

/** The pixel decoder in the thread it is called from. It needs the decoder's file alone, not the language model's. */
export class LocalDecoder implements TokenReader {
  #loaded: Loaded | null = null;
  #stop = new AbortController();
  #disposed = false;
  readonly #judge: LocalJudge;

  constructor(
    private readonly runtime: Pick<Runtime, 'bytes' | 'prepare'>,
    private readonly options: {
      readonly sourceOf: (location: ModelLocation) => FileSource;
      readonly store?: FileStore;
    },
  ) {
    this.#judge = new LocalJudge(runtime, options);
  }

  async load(
    model: ModelLocation,
    options: { readonly signal?: AbortSignal; readonly onProgress?: (progress: LoadProgress) => void } = {},
  ): Promise<void> {
    this.#stop.abort();
    this.#stop = new AbortController();
    const signal = options.signal ? AbortSignal.any([options.signal, this.#stop.signal]) : this.#stop.signal;
    try {
      const loaded = await this.#load(model, signal, new ProgressSum(options.onProgress));
      if (signal.aborted) await loaded.session.release();
      throwIfAborted(signal);
      await this.#loaded?.session.release();
      this.#loaded = loaded;
    } catch (error) {
      if (this.#disposed) throw new EngineError('disposed');
      throw toEngineError(error);
    }
  }

  async #load(model: ModelLocation, signal: AbortSignal, progress: ProgressSum): Promise<Loaded> {
    if (this.#disposed) throw new EngineError('disposed');
    throwIfAborted(signal);
    const source = this.options.sourceOf(model);
    const context = { source, store: this.options.store, signal, progress, runtimeBytes: this.runtime.bytes };
    const folder = await openHubFolder(source, signal);
    const [ort, { graph, external, ...pictures }] = await Promise.all([
      this.runtime.prepare({
        signal,
        onBytes: (bytes) => {
          progress.update('runtime', bytes, 'runtime');
        },
      }),
      folder ? readHubPictures(folder, context) : readManifestPictures(context),
    ]);
    progress.emit('prepare');
    throwIfAborted(signal);
    const session = await openSession(pictures.file, bytesOfGraph(graph, external), () =>
      ort.InferenceSession.create(graph, { executionProviders: ['wasm'], externalData: [...external] }),
    );
    return { ort, session, pictures };
  }

  async decode(grids: readonly Int32Array[]): Promise<DecodedImage[]> {
    if (this.#disposed) throw new EngineError('disposed');
    if (!this.#loaded) throw new EngineError('not-loaded');
    if (grids.length === 0) return [];
    const { ort, session, pictures } = this.#loaded;
    const { cells, codes, input, output, image: size } = pictures;
    for (const grid of grids) {
      if (grid.length > cells)
        throw new EngineError('bad-request', { problem: 'The picture has more tokens than this model draws.' });
      if (grid.some((token) => token >= codes))
        throw new EngineError('bad-request', { problem: "A token is not one of the model's codes." });
    }
    try {
      const results = await session.run({
        [input]: new ort.Tensor('int64', padGrids(grids, pictures), [grids.length, cells]),
      });
      const image = results[output];
      const [, , height = 0, width = 0] = image?.dims ?? [];
      if (!image || (size && (height !== size.height || width !== size.width))) {
        throw new EngineError('model-damaged', {
          file: pictures.file,
          detail: 'its pictures have another size than the manifest says',
        });
      }
      assertPictureSize(width, height, pictures.file);
      const values = image.data as Float32Array;
      return grids.map((_, index) =>
        toRgba(values.subarray(index * 3 * width * height), width, height, pictures.signed),
      );
    } catch (error) {
      throw toEngineError(error);
    }
  }

  judge(request: JudgeRequest, options: { readonly signal?: AbortSignal } = {}): Promise<Judgement> {
    return this.#judge.judge(request, options);
  }

  async dispose(): Promise<void> {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#stop.abort();
    await this.#judge.dispose();
    const { session } = this.#loaded ?? {};
    this.#loaded = null;
    await session?.release();
  }
}
