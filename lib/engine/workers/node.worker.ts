/** What a thread of the command line serves; which of them, `node.ts` beside it says. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Endpoint } from '@/lib/rpc';
import { createNodeDecoder, createNodeReader, nodeFiles, nodeRuntime } from '../node';
import type { Served } from './node';
import { serveDecoder } from './serve-decoder';
import { serveEngine } from './serve-engine';
import { serveReader } from './serve-reader';

if (parentPort === null) throw new Error('This is a worker.');
const port = parentPort;
const endpoint: Endpoint = {
  postMessage: (message, transfer) => {
    port.postMessage(message, transfer as Parameters<typeof port.postMessage>[1]);
  },
  addEventListener: (_type, listener) => {
    port.on('message', (data: unknown) => {
      listener({ data } as MessageEvent);
    });
  },
};

const serve: Readonly<Record<Served, () => void>> = {
  engine: () => {
    serveEngine(endpoint, nodeRuntime, nodeFiles);
  },
  decoder: () => {
    serveDecoder(endpoint, createNodeDecoder());
  },
  reader: () => {
    serveReader(endpoint, createNodeReader());
  },
};
serve[(workerData as { readonly served: Served }).served]();
