import type { ElementType } from '@/lib/onnx';
import type { Feeds, Ort } from '../../decode/ort/types';
import type { CachePlan, CachePort, KvCache } from '../../runtime/parts-runtime';

/** The cache before the first position. */
export function emptyCache(ort: Ort, { ports, type, lanes, heads, headSize }: Omit<CachePlan, 'lengths'>): Feeds {
  const dims = [lanes, heads, 0, headSize];
  // Which class 16-bit numbers have depends on the browser.
  const Halves = (globalThis as { Float16Array?: typeof Uint16Array }).Float16Array ?? Uint16Array;
  const none = () =>
    type === 'float16'
      ? new ort.Tensor('float16', new Halves(0), dims)
      : new ort.Tensor('float32', new Float32Array(0), dims);
  return Object.fromEntries(ports.map(({ past }) => [past, none()]));
}

/** In the graph's own tensors: each run makes a longer cache, and the one before is let go. */
export function growingCache(ort: Ort, plan: CachePlan): KvCache {
  let past = emptyCache(ort, plan);
  const release = () => {
    for (const tensor of Object.values(past)) tensor.dispose();
  };
  return {
    get past() {
      return past;
    },
    present: {},
    advance: (results) => {
      release();
      past = Object.fromEntries(plan.ports.map(({ past: name, present }) => [name, results[present] as Feeds[string]]));
    },
    dispose: () => {
      release();
      past = {};
    },
  };
}

const BYTES: Record<ElementType, number> = { float32: 4, float16: 2, int64: 8 };

/**
 * In two sets of GPU buffers that take turns: a run reads one and writes the other. They are as large as the drawing needs in the end, so that nothing is
 * allocated while it goes on, and what it takes is known before: `kvMemory`'s `peak`. Tensors made by the runtime would be rounded up to its
 * own sizes, kept after use, and outlive the run by as long as its bindings name them.
 */
export function turningCache(ort: Ort, device: Pick<GPUDevice, 'createBuffer'>, plan: CachePlan): KvCache {
  const { ports, type, lanes, heads, headSize, lengths } = plan;
  const dataType = type as 'float32' | 'float16';
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
  const buffers: GPUBuffer[][] = [];
  const tensors = (set: number, length: number, name: keyof CachePort): Feeds =>
    Object.fromEntries(
      ports.map((port, index) => [
        port[name],
        ort.Tensor.fromGpuBuffer(buffers[set]?.[index] as GPUBuffer, {
          dataType,
          dims: [lanes, heads, length, headSize],
        }),
      ]),
    );
  const dispose = () => {
    for (const buffer of buffers.flat()) buffer.destroy();
    buffers.length = 0;
  };
  try {
    for (const set of [0, 1]) {
      const longest = Math.max(0, ...lengths.filter((_, run) => run % 2 === set));
      const size = lanes * heads * longest * headSize * BYTES[type];
      const own: GPUBuffer[] = [];
      buffers.push(own);
      for (let i = 0; size > 0 && i < ports.length; i++) own.push(device.createBuffer({ size, usage }));
    }
  } catch (error) {
    dispose();
    throw error;
  }
  let run = 0;
  let past = emptyCache(ort, plan);
  return {
    get past() {
      return past;
    },
    get present() {
      return tensors(run % 2, lengths[run] as number, 'present');
    },
    advance: () => {
      past = tensors(run % 2, lengths[run] as number, 'past');
      run++;
    },
    dispose,
  };
}
