import { bytesOfType, type JanusManifest } from '@/lib/models';
import { FULL_PLAN } from '../decode/lanes';
import { kvMemory, staticKvMemory } from './kv-memory';

/** What drawing with a fused Janus takes on one device, bytes. */
export interface JanusMemory {
  /** Weights as they lie in memory. */
  readonly weights: number;
  /** Keys and values at their peak. */
  readonly keysAndValues: number;
  /** The largest single piece of memory: a weight, or a layer's keys. */
  readonly largestBuffer: number;
}

/** A prompt of ordinary length with its frame. */
const PROMPT_TOKENS = 40;

/** Numbers in the largest matrix: the table of codes, the head, or the feed-forward's first one. */
function largestMatrix({ layers, width, codes, parameters }: JanusManifest): number {
  const inLayers = (parameters - width * width - 2 * codes * width) / layers;
  const feedForward = (inLayers - 4 * width * width) / (3 * width);
  return width * Math.max(codes, 3 * width, 2 * feedForward);
}

/** Two sides with guidance and cross scores. Known from the manifest alone, before anything is downloaded. */
export function janusMemory(manifest: JanusManifest, webgpu: boolean): JanusMemory {
  const { weightType, cacheType, cpuWeights, files, grid, layers, parameters } = manifest;
  const steps = grid.rows * grid.columns;
  const stored = Object.entries(files).reduce(
    (sum, [role, { bytes }]) => sum + (role.startsWith('weights') ? bytes : 0),
    0,
  );
  if (!webgpu) {
    const { cache, peak } = kvMemory({ ...manifest, bytesPerNumber: 4 }, FULL_PLAN, PROMPT_TOKENS, steps);
    return {
      weights: cpuWeights === 'dequantized' ? Math.max(stored, 4 * parameters) : stored,
      keysAndValues: peak,
      largestBuffer: Math.max(4 * largestMatrix(manifest), cache / layers / 2),
    };
  }
  const keysAndValues = staticKvMemory(
    { ...manifest, bytesPerNumber: bytesOfType(cacheType) },
    FULL_PLAN,
    PROMPT_TOKENS,
    steps,
  );
  // The table of codes and the head keep 8 bits where layers have 4.
  const bytesPerWeight = weightType.startsWith('q') ? 1 : bytesOfType(cacheType);
  return {
    weights: stored,
    keysAndValues,
    largestBuffer: Math.max(bytesPerWeight * largestMatrix(manifest), keysAndValues / layers / 2),
  };
}
