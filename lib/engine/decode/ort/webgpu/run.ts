import type { Chunk, DecodeRun } from '../../backend';
import type { SamplingPlan } from '../../plan';
import { rowLengths, type Schedule } from '../../schedule';
import { STATS_PER_STEP } from '../../stats';
import { constantFeeds, stepInputs } from '../feeds';
import type { GraphShape } from '../graph-files';
import type { PrefixInputs } from '../prefix';
import type { Feeds, Ort, Session, Tensor } from '../types';
import type { RunBuffers } from './buffers';
import type { WebGpuDevice } from './device';

/** Steps whose numbers are shown as soon as they are there; later ones come by rows. */
const FIRST_CHUNK = 2;
/** Chunks asked for before the first of them is waited for. */
const IN_FLIGHT = 2;
/** Steps in the queue beyond the one that the GPU is at: enough that it never waits, and no more, since a stopped drawing leaves them to be done. */
const AHEAD = 8;

const STATS_BYTES = 4 * STATS_PER_STEP;

/** A loaded graph and where it runs. */
interface StepGraph {
  readonly ort: Ort;
  readonly session: Session;
  readonly device: GPUDevice;
  readonly gpu: WebGpuDevice;
  readonly shape: GraphShape;
}

/** One drawing on the GPU, a run of the graph for each step; nothing is waited for but a chunk's numbers. */
export class WebGpuRun implements DecodeRun {
  readonly schedule: Schedule;
  readonly #constant: Feeds;
  readonly #hasStart: boolean;
  /** Steps that were enqueued last, each fulfilled once the GPU is through with it. */
  readonly #ahead: Promise<unknown>[] = [];
  #released = false;
  /** Settles when everything asked for is enqueued. */
  #enqueuing: Promise<unknown>;

  constructor(
    private readonly graph: StepGraph,
    private readonly plan: SamplingPlan,
    private readonly prefix: PrefixInputs,
    private readonly buffers: RunBuffers,
  ) {
    const { ort, session, shape } = graph;
    this.schedule = {
      lengths: rowLengths(shape.steps, shape.columns, FIRST_CHUNK),
      inFlight: IN_FLIGHT,
      firstAlone: true,
    };
    this.#constant = constantFeeds(ort, plan, shape.codes);
    this.#hasStart = session.inputNames.includes('start');
    this.#enqueuing = buffers.free;
  }

  enqueue(firstStep: number, steps: number): Promise<Chunk | null> {
    const chunk = this.#enqueuing.then(() => this.#enqueue(firstStep, steps));
    this.#enqueuing = chunk;
    return this.graph.gpu.orLost(chunk);
  }

  async #enqueue(firstStep: number, steps: number): Promise<Chunk | null> {
    const { device, gpu } = this.graph;
    const { queue } = device;
    const staging = device.createBuffer({
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
      const encoder = device.createCommandEncoder();
      encoder.copyBufferToBuffer(this.buffers.stats.buffer, 0, staging, i * STATS_BYTES, STATS_BYTES);
      queue.submit([encoder.finish()]);
      const done = queue.onSubmittedWorkDone();
      done.catch(() => undefined);
      this.#ahead.push(done);
    }
    const stats = gpu.orLost(readOnce(staging));
    // Where the device is lost, nobody may be left to wait for them.
    stats.catch(() => undefined);
    return { stats };
  }

  async #runStep(step: number): Promise<void> {
    const { plan, prefix, buffers } = this;
    const { ort, shape } = this.graph;
    const { slots, lengths, ids, earlier } = prefix;
    const rows = lengths.length;
    const { noise, forced } = stepInputs(plan, shape.codes, step, 1);
    const sampling = {
      noise: new ort.Tensor('float32', noise, [2, shape.codes]),
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
        ...prefix.feeds(step === 0),
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
  async #run(lengths: readonly number[], feeds: Feeds, next: Tensor): Promise<void> {
    const { buffers } = this;
    const { ort, session } = this.graph;
    await session.run(
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
    this.buffers.free = this.#enqueuing.then(
      () => undefined,
      () => undefined,
    );
  }
}

/** A buffer's numbers, once what fills it is done; the buffer is destroyed. */
async function readOnce(staging: GPUBuffer): Promise<Float32Array<ArrayBuffer>> {
  try {
    await staging.mapAsync(GPUMapMode.READ);
    return new Float32Array(staging.getMappedRange().slice(0));
  } finally {
    staging.destroy();
  }
}
