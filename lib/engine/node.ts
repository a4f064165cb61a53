/** The engine in Node, for the command line and for tests. Not part of the index, which also goes to browsers. */
import * as ort from 'onnxruntime-web/wasm';
import { sourceOf } from '@/lib/models';
import { DirectorySource } from '@/lib/models/node';
import { createCpuBackend } from './decode/ort/cpu';
import { cpuHubRuntime } from './layouts/hub/runtime';
import { LocalEngine } from './local-engine';
import { LocalDecoder } from './pictures/local-decoder';
import { LocalReader } from './pictures/picture-reader';
import type { LocalEngineOptions, Runtime } from './runtime/runtime';
import { nodeLink } from './workers/node';
import { RemoteDecoder } from './workers/remote-decoder';
import { RemoteEngine, type RemoteEngineOptions } from './workers/remote-engine';
import { RemoteReader } from './workers/remote-reader';

/** The same WebAssembly build as in the browser, read from the package's folder. */
export const nodeRuntime: Runtime = {
  executionProvider: 'wasm',
  graph: 'graph.cpu',
  bytes: 0,
  threads: 1,
  prepare: () => {
    ort.env.wasm.numThreads = 1;
    return Promise.resolve(ort);
  },
  createBackend: createCpuBackend,
  hub: (runtime) => Promise.resolve(cpuHubRuntime(runtime)),
};

/** Reads model folders from disk as well as over HTTP. */
export const nodeFiles: LocalEngineOptions = {
  sourceOf: (location) => (location.kind === 'directory' ? new DirectorySource(location.path) : sourceOf(location)),
};

export const createNodeEngine = (): LocalEngine => new LocalEngine(nodeRuntime, nodeFiles);

export const createNodeDecoder = (): LocalDecoder => new LocalDecoder(nodeRuntime, nodeFiles);

export const createNodeReader = (): LocalReader => new LocalReader(nodeRuntime, nodeFiles.sourceOf);

/** How long a chunk of tokens may take on the command line, where nobody may be there to stop it. */
const CHUNK_MS = 30 * 60_000;

/**
 * The engine in a thread of its own: files of unknown origin may be made to take for ever, or all memory, and are stopped there. `tokenizerMs`: see
 * `RemoteEngineOptions`.
 */
export const startNodeEngine = (options: Pick<RemoteEngineOptions, 'tokenizerMs' | 'chunkMs'> = {}): RemoteEngine =>
  new RemoteEngine({ chunkMs: CHUNK_MS, ...options, prefer: 'wasm', spawn: () => nodeLink('engine') });

/** The pixel decoder in a thread of its own. */
export const startNodeDecoder = (): RemoteDecoder => new RemoteDecoder(() => nodeLink('decoder'));

/** What answers questions about pictures, in a thread of its own. */
export const startNodeReader = (): RemoteReader => new RemoteReader(() => nodeLink('reader'));
