import { EngineError, throwIfAborted } from '@/lib/domain';
import { BrowserFileStore, sourceOf } from '@/lib/models';
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

async function fetchRuntime(url: URL, signal: AbortSignal, onBytes: (bytes: number) => void): Promise<ArrayBuffer> {
  const file = url.pathname.split('/').at(-1) ?? '';
  try {
    const response = await fetch(url, { signal });
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
    return await new Response(counted).arrayBuffer();
  } catch (error) {
    if (error instanceof EngineError) throw error;
    throwIfAborted(signal);
    throw new EngineError('network', { file }, { cause: error });
  }
}
