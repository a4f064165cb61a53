import '../../lib/engine/workers/engine-wasm.worker';
