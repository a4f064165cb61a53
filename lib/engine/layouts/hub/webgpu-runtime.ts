import { EngineError, toEngineError } from '@/lib/domain';
import type { Feeds, Ort } from '../../decode/ort/types';
import type { WebGpuDevice } from '../../decode/ort/webgpu/device';
import type { HeldTensor, HubRuntime } from '../../runtime/parts-runtime';
import { turningCache } from './kv-cache';

/** Rows of the picture that may be under way at once: while one is waited for, the next is being enqueued. */
const IN_FLIGHT = 2;

/**
 * Positions of a prompt that are computed at once. From 32 on, onnxruntime 1.30 takes another attention kernel, which gives wrong numbers for masked
 * batches (seen on a software adapter); with fewer it takes the one that steps take. Prefixes are filled up to 32, of which the last gives the first token.
 */
const PREFILL = 31;

/** Copies tensors to where the CPU can read them; the copies are made before anything that is enqueued later. */
async function readBack(device: GPUDevice, tensors: readonly Feeds[string][]): Promise<Float32Array<ArrayBuffer>> {
  const sizes = tensors.map(({ size }) => 4 * size);
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  if (bytes === 0) return new Float32Array(0);
  const staging = device.createBuffer({ size: bytes, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
  const encoder = device.createCommandEncoder();
  let offset = 0;
  tensors.forEach((tensor, i) => {
    const size = sizes[i] as number;
    encoder.copyBufferToBuffer(tensor.gpuBuffer, 0, staging, offset, size);
    offset += size;
  });
  device.queue.submit([encoder.finish()]);
  try {
    await staging.mapAsync(GPUMapMode.READ);
    return new Float32Array(staging.getMappedRange().slice(0));
  } finally {
    staging.destroy();
  }
}

/** A tensor in a buffer of its own. The runtime hands its work to the queue at the end of each run, so what is written later is seen by later runs only. */
function hold(ort: Ort, device: GPUDevice, data: Float32Array | BigInt64Array, dims: readonly number[]): HeldTensor {
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
  const buffer = device.createBuffer({ size: Math.ceil(data.byteLength / 16) * 16, usage });
  const write = (next: Float32Array | BigInt64Array) => {
    device.queue.writeBuffer(buffer, 0, next as Float32Array<ArrayBuffer> | BigInt64Array<ArrayBuffer>);
  };
  write(data);
  return {
    tensor: ort.Tensor.fromGpuBuffer(buffer, { dataType: data instanceof Float32Array ? 'float32' : 'int64', dims }),
    write,
    dispose: () => {
      buffer.destroy();
    },
  };
}

/** What `make` made, unless the device had no memory for it: buffers that could not be had look like any other at first. */
async function orOutOfMemory<T>(device: GPUDevice, make: () => T | Promise<T>, giveUp: (made: T) => void): Promise<T> {
  device.pushErrorScope('out-of-memory');
  let made: T;
  try {
    made = await make();
  } catch (error) {
    await device.popErrorScope().catch(() => null);
    throw error;
  }
  const problem = await device.popErrorScope();
  if (!problem) return made;
  giveUp(made);
  throw new EngineError('out-of-memory', { detail: problem.message });
}

/** Everything but the prompts' embeddings on the GPU; of each step, only the statistics come back. */
export async function webGpuHubRuntime(ort: Ort, gpu: WebGpuDevice): Promise<HubRuntime> {
  const device = await gpu.get();
  const { maxBufferSize, maxStorageBufferBindingSize } = device.limits;
  return {
    ort,
    executionProvider: 'webgpu',
    adapter: gpu.adapterName,
    device: { webgpu: true, shaderF16: device.features.has('shader-f16') },
    joinsGraphs: false,
    limits: { maxBufferSize, maxStorageBufferBindingSize },
    prefill: PREFILL,
    chunk: 'row',
    inFlight: IN_FLIGHT,
    createSession: async ({ graph, external }) => {
      const create = () =>
        ort.InferenceSession.create(graph, {
          executionProviders: [{ name: 'webgpu', device }],
          graphOptimizationLevel: 'all',
          externalData: [...external],
          preferredOutputLocation: 'gpu-buffer',
        });
      try {
        return await gpu.orLost(
          orOutOfMemory(device, create, (session) => void session.release().catch(() => undefined)),
        );
      } catch (error) {
        throw toEngineError(error);
      }
    },
    run: (session, feeds, into) =>
      gpu.orLost(
        into
          ? session.run(feeds, Object.fromEntries(session.outputNames.map((name) => [name, into[name] ?? null])))
          : session.run(feeds),
      ),
    createCache: (plan) =>
      gpu.orLost(
        orOutOfMemory(
          device,
          () => turningCache(ort, device, plan),
          (cache) => {
            cache.dispose();
          },
        ),
      ),
    hold: (data, dims) => hold(ort, device, data, dims),
    readBack: (tensors) => gpu.orLost(readBack(device, tensors)),
  };
}
