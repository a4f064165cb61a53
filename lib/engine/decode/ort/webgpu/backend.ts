import type { DecodeBackend } from '../../backend';
import type { GraphFiles } from '../graph-files';
import { bytesOfGraph, openSession } from '../open-session';
import type { Ort } from '../types';
import { RunBuffers } from './buffers';
import type { WebGpuDevice } from './device';
import { WebGpuRun } from './run';

/** Drawing on the GPU: one graph run a step; cache, token ids and numbers stay in GPU buffers. */
export async function createWebGpuBackend(
  ort: Ort,
  { shape, prefix, file, graph, weights }: GraphFiles,
  gpu: WebGpuDevice,
): Promise<DecodeBackend> {
  const device = await gpu.get();
  const session = await openSession(file, bytesOfGraph(graph, weights), () =>
    gpu.orLost(
      ort.InferenceSession.create(graph, {
        executionProviders: [{ name: 'webgpu', device }],
        graphOptimizationLevel: 'all',
        externalData: [...weights],
        preferredOutputLocation: 'gpu-buffer',
      }),
    ),
  );
  const buffersOf = new Map<number, RunBuffers>();
  return {
    executionProvider: 'webgpu',
    adapter: gpu.adapterName,
    start: (plan) => {
      const rows = plan.lanes.lanes.length;
      const inputs = prefix(ort, plan.prefixes);
      const positions = inputs.room + shape.steps;
      let buffers = buffersOf.get(rows);
      if (!buffers || buffers.positions < positions) {
        buffers?.destroyWhenFree();
        buffers = new RunBuffers(ort, device, shape, rows, positions, buffers?.free);
      }
      buffersOf.set(rows, buffers);
      return new WebGpuRun({ ort, session, device, gpu, shape }, plan, inputs, buffers);
    },
    release: async () => {
      for (const buffers of buffersOf.values()) await buffers.free;
      await session.release();
      for (const buffers of buffersOf.values()) buffers.destroy();
    },
  };
}
