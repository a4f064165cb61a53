import type { ExecutionProvider } from '@/lib/domain';
import type { PictureReader } from '@/lib/judge';
import { link, type WorkerLink } from '@/lib/rpc';
import { RemoteDecoder } from './remote-decoder';
import { RemoteEngine, type RemoteEngineOptions } from './remote-engine';
import { RemoteReader } from './remote-reader';

/** Each worker bundles one build of ONNX Runtime; the bundler needs to see the constructor calls as they are. */
function spawn(executionProvider: ExecutionProvider, threads: number): WorkerLink {
  switch (executionProvider) {
    case 'wasm':
      // The worker reads its number of threads from its name: the runtime has it for life.
      return link(
        new Worker(new URL('./engine-wasm.worker.ts', import.meta.url), { type: 'module', name: String(threads) }),
      );
    case 'webgpu':
      return link(new Worker(new URL('./engine-webgpu.worker.ts', import.meta.url), { type: 'module' }));
  }
}

/** The engine of a page: runs in a worker, on the GPU where that works and on the processor elsewhere. */
export const createEngine = (options: Omit<RemoteEngineOptions, 'spawn'> = {}): RemoteEngine =>
  new RemoteEngine({ ...options, spawn });

/** The pixel decoder of a page, in a worker of its own. */
export const createPixelDecoder = (): RemoteDecoder =>
  new RemoteDecoder(() => link(new Worker(new URL('./decoder.worker.ts', import.meta.url), { type: 'module' })));

/** What answers questions about pictures, in a worker of its own. */
export const createPictureReader = (): PictureReader =>
  new RemoteReader(() => link(new Worker(new URL('./reader.worker.ts', import.meta.url), { type: 'module' })));
