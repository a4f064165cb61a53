import { STATS_PER_STEP } from '../../stats';
import type { GraphShape } from '../graph-files';
import type { Feeds, Ort, Tensor } from '../types';

const BYTES = { float32: 4, float16: 2, int64: 8 } as const;

/** The GPU buffers of a drawing with so many lanes. Kept from one drawing to the next: ONNX Runtime remembers every buffer it saw. */
export class RunBuffers {
  readonly cacheInputs: Feeds = {};
  readonly cacheOutputs: Feeds = {};
  /** Binding the ids that come out onto those that go in gives wrong tokens: two buffers take turns. */
  readonly ids: readonly [Tensor, Tensor];
  readonly stats: { readonly tensor: Tensor; readonly buffer: GPUBuffer };
  /** Settles when the last drawing that used the buffers has handed its work to the queue. */
  free: Promise<void>;
  readonly #buffers: GPUBuffer[] = [];

  constructor(
    ort: Ort,
    device: GPUDevice,
    { layers, heads, headSize, cacheType }: GraphShape,
    rows: number,
    /** Of prefix and image that fit in. */
    readonly positions: number,
    before: Promise<void> = Promise.resolve(),
  ) {
    this.free = before;
    const make = (dataType: keyof typeof BYTES, dims: number[]) => {
      const bytes = dims.reduce((product, size) => product * size, BYTES[dataType]);
      const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
      const buffer = device.createBuffer({ size: Math.ceil(bytes / 16) * 16, usage });
      this.#buffers.push(buffer);
      return { tensor: ort.Tensor.fromGpuBuffer(buffer, { dataType, dims }), buffer };
    };
    for (let layer = 0; layer < layers; layer++) {
      for (const part of ['key', 'value']) {
        const { tensor } = make(cacheType, [rows, heads, positions, headSize]);
        this.cacheInputs[`past_key_values.${layer}.${part}`] = tensor;
        this.cacheOutputs[`present.${layer}.${part}`] = tensor;
      }
    }
    this.ids = [make('int64', [rows, 1]).tensor, make('int64', [rows, 1]).tensor];
    this.stats = make('float32', [2, STATS_PER_STEP / 2]);
  }

  destroy(): void {
    for (const buffer of this.#buffers) buffer.destroy();
  }

  /** For a drawing with longer prompts, which takes larger ones. */
  destroyWhenFree(): void {
    void this.free.then(() => {
      this.destroy();
    });
  }
}
