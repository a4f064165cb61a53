import '../../lib/engine/worker-wasm';
