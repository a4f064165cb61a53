import './count-calls.mjs';
import '../../lib/engine/worker-webgpu';
