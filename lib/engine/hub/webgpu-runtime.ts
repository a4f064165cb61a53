import type { Feeds, Ort } from '../decode-backend';
import type { WebGpuDevice } from '../decode-webgpu';
import { toEngineError } from '../errors';
import type { HubRuntime } from './hub-runtime';

/** Steps whose numbers are read back together, and how many such chunks may be under way. */
const CHUNK = 8;
const IN_FLIGHT = 2;

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

/** Everything but the prompts' embeddings on the GPU; of each step, only the statistics come back. */
export async function webGpuHubRuntime(ort: Ort, gpu: WebGpuDevice): Promise<HubRuntime> {
  const device = await gpu.get();
  return {
    ort,
    executionProvider: 'webgpu',
    adapter: gpu.adapterName,
    device: { webgpu: true, shaderF16: device.features.has('shader-f16') },
    fuses: false,
    chunk: CHUNK,
    inFlight: IN_FLIGHT,
    createSession: async ({ graph, external }) => {
      try {
        return await gpu.orLost(
          ort.InferenceSession.create(graph, {
            executionProviders: [{ name: 'webgpu', device }],
            graphOptimizationLevel: 'all',
            externalData: [...external],
            preferredOutputLocation: 'gpu-buffer',
          }),
        );
      } catch (error) {
        throw toEngineError(error);
      }
    },
    run: (session, feeds) => gpu.orLost(session.run(feeds)),
    readBack: (tensors) => gpu.orLost(readBack(device, tensors)),
  };
}
