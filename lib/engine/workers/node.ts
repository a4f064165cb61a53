import { Worker } from 'node:worker_threads';
import type { WorkerLink } from '@/lib/rpc';

export type Served = 'engine' | 'decoder' | 'reader';

/** Of what is not weights or tensors, which lie elsewhere: a vocabulary of 100,000 tokens takes a tenth of it. */
const HEAP_MB = 2048;

/** A thread of Node that serves one of these. One that runs out of memory ends alone, and says so. */
export function nodeLink(served: Served): WorkerLink {
  const worker = new Worker(new URL('./node.worker.mjs', import.meta.url), {
    workerData: { served },
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
  });
  return {
    endpoint: {
      postMessage: (message, transfer) => {
        worker.postMessage(message, transfer as Parameters<Worker['postMessage']>[1]);
      },
      addEventListener: (_type, listener) => {
        worker.on('message', (data: unknown) => {
          listener({ data } as MessageEvent);
        });
      },
    },
    onCrash: (listener) => {
      worker.on('error', ({ message }: Error) => {
        listener(message);
      });
      worker.on('exit', () => {
        listener('it ended');
      });
    },
    terminate: () => {
      void worker.terminate();
    },
  };
}
