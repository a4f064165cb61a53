import { EngineError, toEngineError } from '@/lib/domain';
import {
  constantFeeds,
  type DecodeBackend,
  type DecodePlan,
  type DecodeRun,
  type Feeds,
  type GraphFiles,
  type GraphShape,
  type Ort,
  rowLengths,
  type Session,
  stepInputs,
} from './backend';
import { type RawSteps, STATS_PER_STEP } from './stats';

/** Steps whose numbers are shown as soon as they are there; later ones come by rows. */
const FIRST_CHUNK = 2;
/** Chunks asked for before the first of them is waited for. */
const IN_FLIGHT = 2;
/** Steps in the queue beyond the one that the GPU is at: enough that it never waits, and no more, since a stopped drawing leaves them to be done. */
const AHEAD = 8;

const STATS_BYTES = 4 * STATS_PER_STEP;
const BYTES = { float32: 4, float16: 2, int64: 8 } as const;
const LIMITS = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxComputeWorkgroupStorageSize',
  'maxComputeWorkgroupsPerDimension',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupSizeY',
  'maxComputeWorkgroupSizeZ',
  'maxStorageBuffersPerShaderStage',
] as const;
const FEATURES = ['shader-f16', 'subgroups'] as const;
/** How long after its first signs the loss of a device may be told. */
const LOSS_IS_TOLD_MS = 200;

/** The GPU device of one worker. ONNX Runtime 1.30 does not survive its loss, so neither does the worker. */
export class WebGpuDevice {
  #device: Promise<GPUDevice> | null = null;
  #lost: EngineError | null = null;
  #reject: (error: EngineError) => void = () => undefined;
  readonly #loss: Promise<never>;
  adapterName = '';

  constructor() {
    this.#loss = new Promise<never>((_resolve, reject) => (this.#reject = reject));
    // The loss matters only to those who wait for something else at the time.
    this.#loss.catch(() => undefined);
  }

  get(): Promise<GPUDevice> {
    this.#device ??= this.#request();
    return this.#device;
  }

  async #request(): Promise<GPUDevice> {
    const gpu = navigator.gpu as GPU | undefined;
    if (!gpu) throw new EngineError('no-webgpu');
    const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
    if (!adapter) throw new EngineError('no-adapter');
    const { vendor, architecture, description } = adapter.info;
    this.adapterName = description || [vendor, architecture].filter(Boolean).join(' ') || 'unnamed adapter';
    const device = await adapter.requestDevice({
      requiredLimits: Object.fromEntries(LIMITS.map((limit) => [limit, adapter.limits[limit]])),
      requiredFeatures: FEATURES.filter((feature) => adapter.features.has(feature)),
    });
    void device.lost.then(({ message }) => {
      this.#lost = new EngineError('device-lost', { detail: message });
      this.#reject(this.#lost);
    });
    return device;
  }

  /** `work`, unless the device is lost before it settles; errors after a loss are the loss. */
  async orLost<T>(work: Promise<T>): Promise<T> {
    try {
      return await Promise.race([work, this.#loss]);
    } catch (error) {
      // Buffers that wait to be mapped are rejected, as if given up, before the loss itself is told.
      await Promise.race([
        this.#loss.catch(() => undefined),
        new Promise((resolve) => setTimeout(resolve, LOSS_IS_TOLD_MS)),
      ]);
      throw this.#lost ?? error;
    }
  }

  destroy(): void {
    void this.#device?.then((device) => {
      device.destroy();
    });
  }
}

/** Drawing on the GPU: one graph run a step; cache, token ids and numbers stay in GPU buffers. */
export async function createWebGpuBackend(
  ort: Ort,
  { shape, graph, weights }: GraphFiles,
  gpu: WebGpuDevice,
): Promise<DecodeBackend> {
  const device = await gpu.get();
  let session: Session;
  try {
    session = await gpu.orLost(
      ort.InferenceSession.create(graph, {
        executionProviders: [{ name: 'webgpu', device }],
        graphOptimizationLevel: 'all',
        externalData: [...weights],
        preferredOutputLocation: 'gpu-buffer',
      }),
    );
  } catch (error) {
    throw toEngineError(error);
  }
  const buffersOf = new Map<number, RunBuffers>();
  return {
    executionProvider: 'webgpu',
    adapter: gpu.adapterName,
    start: (plan) => {
      const rows = plan.lanes.lanes.length;
      const positions = plan.prefix.room + shape.steps;
      let buffers = buffersOf.get(rows);
      if (!buffers || buffers.positions < positions) {
        buffers?.destroyWhenFree();
        buffers = new RunBuffers(ort, device, shape, rows, positions, buffers?.free);
      }
      buffersOf.set(rows, buffers);
      return new WebGpuRun(ort, session, device, gpu, shape, plan, buffers);
    },
    release: async () => {
      for (const buffers of buffersOf.values()) await buffers.free;
      await session.release();
      for (const buffers of buffersOf.values()) buffers.destroy();
    },
  };
}

/** The GPU buffers of a drawing with so many lanes. Kept from one drawing to the next: ONNX Runtime remembers every buffer it saw. */
class RunBuffers {
  readonly cacheInputs: Feeds = {};
  readonly cacheOutputs: Feeds = {};
  /** Binding the ids that come out onto those that go in gives wrong tokens: two buffers take turns. */
  readonly ids: readonly [Feeds[string], Feeds[string]];
  readonly stats: { readonly tensor: Feeds[string]; readonly buffer: GPUBuffer };
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

/** A chunk whose steps are enqueued. */
interface Enqueued {
  readonly firstStep: number;
  readonly steps: number;
  readonly staging: GPUBuffer;
  readonly ready: Promise<unknown>;
}

class WebGpuRun implements DecodeRun {
  readonly #lengths: number[];
  readonly #constant: Feeds;
  readonly #hasStart: boolean;
  /** Chunks that were asked for, in order, each once it is enqueued; null where it was given up. */
  readonly #chunks: Promise<Enqueued | null>[] = [];
  /** Steps that were enqueued last, each fulfilled once the GPU is through with it. */
  readonly #ahead: Promise<unknown>[] = [];
  #step = 0;
  #released = false;
  #enqueuing: Promise<unknown>;

  constructor(
    private readonly ort: Ort,
    private readonly session: Session,
    private readonly device: GPUDevice,
    private readonly gpu: WebGpuDevice,
    private readonly shape: GraphShape,
    private readonly plan: DecodePlan,
    private readonly buffers: RunBuffers,
  ) {
    const { steps, columns, codes } = shape;
    this.#lengths = rowLengths(steps, columns, FIRST_CHUNK);
    this.#constant = constantFeeds(ort, plan, codes);
    this.#hasStart = session.inputNames.includes('start');
    this.#enqueuing = buffers.free;
  }

  async next(): Promise<RawSteps | null> {
    // While the oldest chunk is waited for, the next is being enqueued; the first one is alone, so that it comes soon.
    const inFlight = this.#step === 0 ? 1 : IN_FLIGHT;
    while (!this.#released && this.#chunks.length < inFlight && this.#lengths.length > 0)
      this.#ask(this.#lengths.shift() as number);
    const asked = this.#released ? undefined : this.#chunks.shift();
    const chunk = asked && (await this.gpu.orLost(asked));
    if (!chunk) return null;
    await this.gpu.orLost(chunk.ready);
    const stats = new Float32Array(chunk.staging.getMappedRange(0, chunk.steps * STATS_BYTES).slice(0));
    chunk.staging.destroy();
    return { firstStep: chunk.firstStep, stats, hasCrossLanes: this.plan.lanes.hasCrossLanes };
  }

  #ask(steps: number): void {
    const chunk = this.#enqueuing.then(() => this.#enqueue(steps));
    // Whoever waits for it is told.
    chunk.catch(() => undefined);
    this.#enqueuing = chunk;
    this.#chunks.push(chunk);
  }

  async #enqueue(steps: number): Promise<Enqueued | null> {
    const { queue } = this.device;
    const firstStep = this.#step;
    const staging = this.device.createBuffer({
      size: steps * STATS_BYTES,
      usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
    });
    for (let i = 0; i < steps; i++) {
      if (this.#ahead.length >= AHEAD) await this.#ahead.shift();
      if (this.#released) {
        staging.destroy();
        return null;
      }
      await this.#runStep(firstStep + i);
      const encoder = this.device.createCommandEncoder();
      encoder.copyBufferToBuffer(this.buffers.stats.buffer, 0, staging, i * STATS_BYTES, STATS_BYTES);
      queue.submit([encoder.finish()]);
      const done = queue.onSubmittedWorkDone();
      done.catch(() => undefined);
      this.#ahead.push(done);
    }
    this.#step += steps;
    const ready = staging.mapAsync(GPUMapMode.READ, 0, steps * STATS_BYTES);
    ready.catch(() => undefined);
    return { firstStep, steps, staging, ready };
  }

  async #runStep(step: number): Promise<void> {
    const { ort, plan, buffers } = this;
    const { slots, lengths, ids, earlier } = plan.prefix;
    const rows = lengths.length;
    const { noise, forced } = stepInputs(plan, this.shape.codes, step, 1);
    const sampling = {
      noise: new ort.Tensor('float32', noise, [2, this.shape.codes]),
      forced: new ort.Tensor('int64', forced, [2]),
    };
    const [even, odd] = buffers.ids;
    const next = step % 2 === 0 ? even : odd;
    if (step === 0) {
      for (const piece of earlier) {
        if (this.#released) return;
        // What they sample is written over.
        await this.#run(
          piece.lengths,
          { ...sampling, ...piece.feeds(), ids: new ort.Tensor('int64', new BigInt64Array(rows), [rows, 1]) },
          next,
        );
      }
    }
    const given = step === 0 ? new ort.Tensor('int64', ids, [rows, slots]) : step % 2 === 0 ? odd : even;
    await this.#run(
      lengths.map((length) => length + step),
      {
        ...sampling,
        ...plan.prefix.feeds(step === 0),
        ids: given,
        // Graphs that read positions from `seqlens_k` have no `start`.
        ...(this.#hasStart && {
          start: new ort.Tensor('int64', BigInt64Array.of(BigInt(step === 0 ? 0 : (lengths[0] ?? 0) + step - 1)), [1]),
        }),
      },
      next,
    );
  }

  /** One run of the graph, with so many positions in each row once it is done. */
  async #run(lengths: readonly number[], feeds: Feeds, next: Feeds[string]): Promise<void> {
    const { ort, buffers } = this;
    await this.session.run(
      {
        ...this.#constant,
        ...buffers.cacheInputs,
        ...feeds,
        seqlens_k: new ort.Tensor(
          'int32',
          Int32Array.from(lengths, (length) => length - 1),
          [lengths.length],
        ),
        total_sequence_length: new ort.Tensor('int32', Int32Array.of(Math.max(...lengths)), [1]),
      },
      { ...buffers.cacheOutputs, next_ids: next, stats: buffers.stats.tensor },
    );
  }

  release(): void {
    if (this.#released) return;
    this.#released = true;
    const left = [...this.#chunks];
    this.buffers.free = this.#enqueuing
      .catch(() => undefined)
      .then(async () => {
        for (const chunk of await Promise.allSettled(left))
          if (chunk.status === 'fulfilled') chunk.value?.staging.destroy();
      });
  }
}
