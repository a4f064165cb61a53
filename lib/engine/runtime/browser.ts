import { EngineError, throwIfAborted } from '@/lib/domain';
import { BrowserFileStore, sourceOf, WEB_PAGE } from '@/lib/models';
import type { Ort } from '../decode/ort/types';
import type { LocalEngineOptions, RuntimeOptions } from './runtime';

/** Model files in a browser: by URL, kept in its storage. */
export const browserFiles: LocalEngineOptions = { sourceOf, store: new BrowserFileStore() };

/** Threads on the CPU, and the script that each of them runs; more than one need a page that is cross-origin isolated. */
interface Threads {
  readonly threads: number;
  readonly script: URL;
}

/** Fetches the runtime's WebAssembly file from `url` and hands it to ONNX Runtime, which would otherwise fetch it unseen. */
export function prepareFrom(
  ort: Ort,
  url: URL,
  { threads, script }: Partial<Threads> = {},
): (options: RuntimeOptions) => Promise<Ort> {
  return async ({ signal, onBytes }) => {
    ort.env.wasm.numThreads = threads ?? 1;
    if (script && threads !== 1) ort.env.wasm.wasmPaths = { mjs: script };
    ort.env.wasm.wasmBinary ??= await fetchRuntime(url, signal, onBytes);
    onBytes(ort.env.wasm.wasmBinary.byteLength);
    return ort;
  };
}

/** How WebAssembly begins. */
const MAGIC = [0x00, 0x61, 0x73, 0x6d];

/** One retry, past caches on the way: a page of a network's sign-in may have been kept in place of the file. */
async function fetchRuntime(url: URL, signal: AbortSignal, onBytes: (bytes: number) => void): Promise<ArrayBuffer> {
  const file = url.pathname.split('/').at(-1) ?? '';
  for (let attempt = 0; ; attempt++) {
    try {
      return await fetchOnce(url, file, { signal, ...(attempt > 0 && { cache: 'reload' }) }, onBytes);
    } catch (thrown) {
      throwIfAborted(signal);
      const error = thrown instanceof EngineError ? thrown : new EngineError('network', { file }, { cause: thrown });
      if (attempt > 0 || error.code === 'model-missing') throw error;
    }
  }
}

/** What the server sends for the file, once it is known to be WebAssembly. Throws `model-missing` or `network`. */
async function fetchOnce(
  url: URL,
  file: string,
  init: RequestInit,
  onBytes: (bytes: number) => void,
): Promise<ArrayBuffer> {
  const response = await fetch(url, init);
  if (response.status === 404) throw new EngineError('model-missing', { file });
  if (!response.ok || !response.body)
    throw new EngineError('network', { file, detail: `the server answered ${response.status}` });
  let bytes = 0;
  const counted = response.body.pipeThrough(
    new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
      transform(chunk, controller) {
        bytes += chunk.length;
        onBytes(bytes);
        controller.enqueue(chunk);
      },
    }),
  );
  const data = await new Response(counted).arrayBuffer();
  const begin = new Uint8Array(data, 0, Math.min(MAGIC.length, data.byteLength));
  if (MAGIC.some((byte, i) => begin[i] !== byte)) throw new EngineError('network', { file, detail: WEB_PAGE });
  return data;
}
