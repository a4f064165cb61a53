import { link, WorkerClient } from '@/lib/rpc';
import type { CodebookMethods, CodebookRequest, Vectors } from './protocol';

/** `patchVectors` in a worker that ends with its answer. Rejects with an EngineError. */
export const readPatchVectors = async (request: CodebookRequest): Promise<Vectors> => {
  const worker = new WorkerClient<CodebookMethods>(() =>
    link(new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })),
  );
  try {
    return await worker.call('vectors', request);
  } finally {
    worker.dispose();
  }
};
