import './count-calls.mjs';
import '../../lib/engine/workers/engine-webgpu.worker';
