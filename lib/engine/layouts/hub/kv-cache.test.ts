import * as ort from 'onnxruntime-web/wasm';
import { beforeEach, expect, test, vi } from 'vitest';
import { FULL_PLAN } from '../../decode/lanes';
import { paddedLength } from '../../decode/padding';
import { kvMemory } from '../../fit/kv-memory';
import type { CachePlan } from '../../runtime/parts-runtime';
import { turningCache } from './kv-cache';

const LAYERS = 3;
const STEPS = 5;
const { lanes } = FULL_PLAN;
const padded = paddedLength(20);
/** The prompt in two pieces, then the steps. */
const plan: CachePlan = {
  ports: Array.from({ length: LAYERS }, (_, layer) =>
    ['key', 'value'].map((part) => ({ past: `past.${layer}.${part}`, present: `present.${layer}.${part}` })),
  ).flat(),
  type: 'float16',
  lanes: lanes.length,
  heads: 2,
  headSize: 16,
  lengths: [16, padded - 1, ...Array.from({ length: STEPS }, (_, step) => padded + step)],
};

beforeEach(() => {
  vi.stubGlobal('GPUBufferUsage', { STORAGE: 1, COPY_SRC: 2, COPY_DST: 4 });
});

/** A GPU that keeps books. */
function device() {
  const alive = new Set<GPUBuffer>();
  const createBuffer = ({ size }: GPUBufferDescriptor) => {
    const buffer = { size, destroy: () => alive.delete(buffer) } as unknown as GPUBuffer;
    alive.add(buffer);
    return buffer;
  };
  return { alive, createBuffer, bytes: () => [...alive].reduce((sum, { size }) => sum + size, 0) };
}

test('a drawing allocates what is told before it, at its beginning, and nothing afterwards', () => {
  const gpu = device();
  const cache = turningCache(ort, gpu, plan);
  const told = kvMemory({ layers: LAYERS, heads: 2, headSize: 16, bytesPerNumber: 2 }, { lanes }, 20, STEPS).peak;
  expect(gpu.bytes()).toBe(told);
  expect(Object.values(cache.past).map(({ dims }) => dims[2])).toEqual(plan.ports.map(() => 0));
  for (const [run, length] of plan.lengths.entries()) {
    const { present } = cache;
    for (const tensor of Object.values(present)) {
      expect(tensor).toMatchObject({ type: 'float16', dims: [6, 2, length, 16] });
      // What is read is never what is written.
      expect(Object.values(cache.past).map((past) => run > 0 && past.gpuBuffer)).not.toContain(tensor.gpuBuffer);
      expect(tensor.gpuBuffer.size).toBeGreaterThanOrEqual(6 * 2 * length * 16 * 2);
    }
    cache.advance(present);
    expect(Object.values(cache.past).map(({ gpuBuffer }) => gpuBuffer)).toEqual(
      Object.values(present).map(({ gpuBuffer }) => gpuBuffer),
    );
  }
  expect(gpu.bytes()).toBe(told);
  cache.dispose();
  expect(gpu.alive.size).toBe(0);
});

test('a device that gives no more buffers is left with none', () => {
  const gpu = device();
  let left = 7;
  const createBuffer = (descriptor: GPUBufferDescriptor) => {
    if (left-- === 0) throw new RangeError('out of memory');
    return gpu.createBuffer(descriptor);
  };
  expect(() => turningCache(ort, { createBuffer }, plan)).toThrow(RangeError);
  expect(gpu.alive.size).toBe(0);
});
