import { describe, type ErrorCode, type ErrorData } from '@/lib/domain';
import { type JanusManifest, type Manifest, needsShaderF16 } from '@/lib/models';
import { janusMemory } from './janus-memory';

/** Something this browser cannot do, with its sentence and the way on. */
export interface CapabilityProblem {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string;
}

/** What this browser offers for running a model; found out before anything is downloaded. */
export interface CapabilityReport {
  /** Whether the model can be drawn on the GPU. */
  readonly webgpu: boolean;
  /** The adapter as the browser names it, if there is one. */
  readonly adapter: string | null;
  readonly shaderF16: boolean;
  /** The largest buffer that the adapter lets a shader see, bytes; null without an adapter. */
  readonly maxBufferBytes: number | null;
  /** Whether model files can be kept between visits. */
  readonly storage: boolean;
  /** Shared memory is available (the page is cross-origin isolated). */
  readonly isolated: boolean;
  readonly problems: readonly CapabilityProblem[];
}

/** What the largest buffers of a model take, bytes: any of its weights, and one layer's keys or values for six lanes. */
export function largestBuffers(manifest: Manifest | JanusManifest): number {
  if (manifest.layout === 'fused-janus') return janusMemory(manifest, true).largestBuffer;
  const { files, grid, prefixLength, heads, headSize } = manifest;
  return Math.max(files.weights.bytes, 6 * heads * (prefixLength + grid.rows * grid.columns) * headSize * 4);
}

/** Asks the browser what it can do, for `manifest`'s model where one is given. Never fails. */
export async function probeCapabilities(manifest?: Manifest | JanusManifest): Promise<CapabilityReport> {
  const problems: CapabilityProblem[] = [];
  const add = (code: ErrorCode, data: ErrorData = {}) => problems.push({ code, ...describe(code, data) });
  const storage = await canStore();
  if (!storage) add('storage-full');
  const base = { storage, isolated: (globalThis as { crossOriginIsolated?: boolean }).crossOriginIsolated ?? false };
  const gpu = (globalThis.navigator as { gpu?: GPU } | undefined)?.gpu;
  if (!gpu) {
    add('no-webgpu');
    return { ...base, webgpu: false, adapter: null, shaderF16: false, maxBufferBytes: null, problems };
  }
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' }).catch(() => null);
  if (!adapter) {
    add('no-adapter');
    return { ...base, webgpu: false, adapter: null, shaderF16: false, maxBufferBytes: null, problems };
  }
  const shaderF16 = adapter.features.has('shader-f16');
  let webgpu = true;
  if (manifest?.layout === 'fused-janus' && needsShaderF16(manifest) && !shaderF16) {
    webgpu = false;
    add('no-shader-f16');
  }
  if (manifest) {
    const needed = largestBuffers(manifest);
    for (const limit of ['maxBufferSize', 'maxStorageBufferBindingSize'] as const) {
      if (adapter.limits[limit] >= needed) continue;
      webgpu = false;
      add('limits-too-small', { limit, offered: adapter.limits[limit], needed });
    }
  }
  const { vendor, architecture, description } = adapter.info;
  return {
    ...base,
    webgpu,
    adapter: description || [vendor, architecture].filter(Boolean).join(' ') || 'unnamed adapter',
    shaderF16,
    maxBufferBytes: Math.min(adapter.limits.maxBufferSize, adapter.limits.maxStorageBufferBindingSize),
    problems,
  };
}

async function canStore(): Promise<boolean> {
  try {
    const { caches } = globalThis as { caches?: CacheStorage };
    if (!caches) return false;
    await caches.open('pairscope-model-files');
    return true;
  } catch {
    return false;
  }
}
