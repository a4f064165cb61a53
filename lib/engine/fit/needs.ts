import { EngineError } from '@/lib/domain';
import {
  type ChosenGraph,
  type FolderFile,
  type HubChoice,
  type HubConfig,
  type JanusManifest,
  needsShaderF16,
} from '@/lib/models';
import { FULL_PLAN } from '../decode/lanes';
import { janusMemory } from './janus-memory';
import { kvMemory, ORDINARY_PREFIX } from './kv-memory';

/** What running a Janus takes, known from its list of files and its configuration alone. */
export interface Needs {
  /** Of the files that were chosen. */
  readonly fileBytes: number;
  readonly largestFile: { readonly path: string; readonly bytes: number };
  /** What the files take in memory: more than on disk where weights are unpacked. */
  readonly memoryBytes: number;
  /** Keys and values of two sides with guidance and cross scores, at their peak. */
  readonly kvBytes: number;
  /** The largest single buffer on the GPU: a layer's keys, or the matrix of the image head. */
  readonly bufferBytes: number;
  readonly shaderF16: boolean;
}

/** What this browser offers; null where it does not tell. */
export interface Device {
  readonly webgpu: boolean;
  readonly shaderF16: boolean;
  readonly maxBufferBytes: number | null;
  /** Of the machine; browsers round it, and say no more than 8 or 32 GB. */
  readonly memoryBytes: number | null;
  /** Free for this site. */
  readonly freeStorageBytes: number | null;
}

const isHalf = ({ dtype }: ChosenGraph): boolean => dtype === 'fp16' || dtype.endsWith('f16');

/** `imageTokens` is the number of tokens of a picture. */
export function needsOf(choice: HubChoice, config: HubConfig, imageTokens: number): Needs {
  const { language_model: language, gen_head: head } = choice.graphs;
  const bytesPerNumber = isHalf(language) ? 2 : 4;
  const kv = kvMemory({ ...config, bytesPerNumber }, FULL_PLAN, ORDINARY_PREFIX, imageTokens);
  const headBytes = config.codes * config.hiddenSize * (isHalf(head) ? 2 : 4);
  return {
    fileBytes: choice.bytes,
    largestFile: largestOf(choice.files),
    memoryBytes: choice.bytes,
    kvBytes: kv.peak,
    // Keys and values of one layer are two buffers.
    bufferBytes: Math.max(kv.cache / config.layers / 2, Math.min(headBytes, head.bytes)),
    shaderF16: choice.needsShaderF16,
  };
}

/** The same of a fused Janus, from its manifest. */
export function janusNeedsOf(manifest: JanusManifest, webgpu: boolean): Needs {
  const { weights, keysAndValues, largestBuffer } = janusMemory(manifest, webgpu);
  const files = Object.entries(manifest.files).map(([role, { path, bytes }]) => ({ role, path, bytes }));
  const total = (of: typeof files) => of.reduce((sum, { bytes }) => sum + bytes, 0);
  return {
    fileBytes: total(files),
    largestFile: largestOf(files),
    memoryBytes: weights + total(files.filter(({ role }) => !role.startsWith('weights'))),
    kvBytes: keysAndValues,
    bufferBytes: largestBuffer,
    shaderF16: webgpu && needsShaderF16(manifest),
  };
}

const largestOf = (files: readonly FolderFile[]): FolderFile =>
  files.reduce<FolderFile>((largest, file) => (file.bytes > largest.bytes ? file : largest), { path: '', bytes: 0 });

/** One thing that stands between a model and this device. */
export interface Objection {
  /** It cannot work, as opposed to may not. */
  readonly fatal: boolean;
  readonly text: string;
}

/** A heap of WebAssembly ends here, and so does what ONNX Runtime can hold. */
const HEAP_BYTES = 4 * 2 ** 30;
/** From here on the processor is no pleasure. */
const SLOW_BYTES = 5e8;
/** Browsers refuse larger arrays. */
const ARRAY_BYTES = 2 * 2 ** 30;

const size = (bytes: number): string =>
  bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${Math.ceil(bytes / 1e6)} MB`;

/** Throws `beyond-processor` where a model would not fit into WebAssembly: it is refused before anything of it is read. */
export function assertProcessorHolds({ memoryBytes, kvBytes }: Pick<Needs, 'memoryBytes' | 'kvBytes'>): void {
  const needed = memoryBytes + kvBytes;
  if (needed > HEAP_BYTES) throw new EngineError('beyond-processor', { needed, offered: HEAP_BYTES });
}

/** A sentence for each thing that this device lacks; empty where nothing speaks against the model. */
export function objectionsTo(needs: Needs, device: Device, missingBytes: number): Objection[] {
  const objections: Objection[] = [];
  const add = (fatal: boolean, text: string) => objections.push({ fatal, text });
  const allBytes = needs.memoryBytes + needs.kvBytes;
  if (needs.shaderF16 && !device.shaderF16) {
    add(
      true,
      `It computes in 16 bits, which ${device.webgpu ? 'this graphics adapter cannot (it has no shader-f16)' : 'the processor cannot'}; nothing in this folder does without.`,
    );
  }
  if (device.webgpu && device.maxBufferBytes !== null && device.maxBufferBytes < needs.bufferBytes) {
    add(
      true,
      `It needs a buffer of ${size(needs.bufferBytes)} on the GPU, and this adapter offers ${size(device.maxBufferBytes)} at most; choose CPU in the model panel.`,
    );
  }
  if (needs.largestFile.bytes > ARRAY_BYTES) {
    add(
      true,
      `${needs.largestFile.path} has ${size(needs.largestFile.bytes)}, more than a page can hold in one piece (${size(ARRAY_BYTES)}).`,
    );
  }
  if (!device.webgpu && allBytes > HEAP_BYTES) {
    add(
      true,
      `On the processor it would take ${size(allBytes)}, and a page ends at ${size(HEAP_BYTES)}; it needs WebGPU.`,
    );
  } else if (!device.webgpu && allBytes > SLOW_BYTES) {
    add(
      false,
      'Without WebGPU the processor draws: every token takes about as long as reading the whole model from memory, so a pair takes many minutes.',
    );
  }
  if (device.memoryBytes !== null && allBytes > device.memoryBytes / 2) {
    add(
      false,
      `It takes ${size(allBytes)} of memory while it draws, more than half of what this machine says it has (${size(device.memoryBytes)}); other tabs may have to go.`,
    );
  }
  if (device.freeStorageBytes !== null && missingBytes > device.freeStorageBytes) {
    add(
      false,
      `The browser gives this site ${size(device.freeStorageBytes)} of storage, and ${size(missingBytes)} are missing: what does not fit stays in memory and is downloaded again on the next visit.`,
    );
  }
  return objections;
}
