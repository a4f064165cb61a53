import { openModel, type FileSource, type FileStore, type Manifest } from '../models';
import type { Ort, Session } from './decode-backend';
import { EngineError, throwIfAborted, toEngineError } from './errors';
import { ProgressSum } from './progress';
import type { Runtime } from './runtime';
import type { DecodedImage, LoadProgress, ModelLocation, PixelDecoder } from './types';

interface Loaded {
  readonly ort: Ort;
  readonly session: Session;
  readonly manifest: Manifest;
}

/** The pixel decoder in the thread it is called from. It needs the decoder's file alone, not the language model's. */
export class LocalDecoder implements PixelDecoder {
  #loaded: Loaded | null = null;
  #stop = new AbortController();
  #disposed = false;

  constructor(
    private readonly runtime: Pick<Runtime, 'bytes' | 'prepare'>,
    private readonly options: { readonly sourceOf: (location: ModelLocation) => FileSource; readonly store?: FileStore },
  ) {}

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
    const { store, sourceOf } = this.options;
    const files = await openModel(sourceOf(model), { ...(store && { store }), signal });
    progress.totalBytes = this.runtime.bytes + files.bytesOf(['decoder']);
    const [ort, graph] = await Promise.all([
      this.runtime.prepare({
        signal,
        onBytes: (bytes) => {
          progress.update('runtime', bytes, 'runtime');
        },
      }),
      files.read('decoder', {
        signal,
        onProgress: (bytes, phase, fromStorage) => {
          progress.update('decoder', bytes, phase, fromStorage);
        },
      }),
    ]);
    progress.emit('prepare');
    throwIfAborted(signal);
    const session = await ort.InferenceSession.create(graph, { executionProviders: ['wasm'] });
    return { ort, session, manifest: files.manifest };
  }

  async decode(grids: readonly Int32Array[]): Promise<DecodedImage[]> {
    if (this.#disposed) throw new EngineError('disposed');
    if (!this.#loaded) throw new EngineError('not-loaded');
    if (grids.length === 0) return [];
    const { ort, session, manifest } = this.#loaded;
    const cells = manifest.grid.rows * manifest.grid.columns;
    const tokens = new BigInt64Array(grids.length * cells).fill(BigInt(manifest.backgroundCode));
    grids.forEach((grid, index) => {
      if (grid.length > cells) throw new EngineError('bad-request', { problem: 'The picture has more tokens than this model draws.' });
      grid.forEach((token, cell) => {
        if (token >= manifest.codes) throw new EngineError('bad-request', { problem: 'A token is not one of the model\'s codes.' });
        // -1 marks a cell that is not drawn yet.
        if (token >= 0) tokens[index * cells + cell] = BigInt(token);
      });
    });
    try {
      const results = await session.run({ tokens: new ort.Tensor('int64', tokens, [grids.length, cells]) });
      const image = results.image;
      const { width, height } = manifest.image;
      if (!image || image.dims[2] !== height || image.dims[3] !== width) {
        throw new EngineError('model-damaged', { file: manifest.files.decoder.path, detail: 'its pictures have another size than the manifest says' });
      }
      const values = image.data as Float32Array;
      return grids.map((_, index) => toRgba(values.subarray(index * 3 * width * height), width, height));
    } catch (error) {
      throw toEngineError(error);
    }
  }

  async dispose(): Promise<void> {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#stop.abort();
    const { session } = this.#loaded ?? {};
    this.#loaded = null;
    await session?.release();
  }
}

/** float32 [3, height, width] in 0..1 -> RGBA. */
function toRgba(planes: Float32Array, width: number, height: number): DecodedImage {
  const area = width * height;
  const data = new Uint8ClampedArray(4 * area);
  for (let i = 0; i < area; i++) {
    for (let channel = 0; channel < 3; channel++) data[4 * i + channel] = (planes[channel * area + i] as number) * 255;
    data[4 * i + 3] = 255;
  }
  return { width, height, data };
}
