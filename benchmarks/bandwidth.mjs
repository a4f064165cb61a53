/** Copy bandwidth of the graphics device, by a WGSL copy, and which share of it a step reaches; see README.md. */
import { parseArgs } from 'node:util';
import { launch } from './lib/browser.mjs';
import { startHub } from './lib/hub.mjs';

const { values: options } = parseArgs({
  options: {
    adapter: { type: 'string', default: 'real' },
    /** Size of the copied buffer. */
    megabytes: { type: 'string', default: '256' },
    /** Milliseconds of a step of a pair, as measured on the same device, and what a step has to read: weights and cache, in GB. */
    'step-ms': { type: 'string' },
    'step-gigabytes': { type: 'string' },
  },
});

/** Copies a buffer of so many bytes; the rate of the fastest of ten rounds, bytes read and written a second. */
async function measure(wanted) {
  const adapter = await navigator.gpu?.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) throw new Error('There is no WebGPU adapter.');
  const { maxBufferSize, maxStorageBufferBindingSize } = adapter.limits;
  const bytes = Math.min(wanted, maxBufferSize, maxStorageBufferBindingSize) & ~0xffff;
  const device = await adapter.requestDevice({ requiredLimits: { maxBufferSize, maxStorageBufferBindingSize } });
  const make = () => device.createBuffer({ size: bytes, usage: GPUBufferUsage.STORAGE });
  const [from, to] = [make(), make()];
  const code = `
    @group(0) @binding(0) var<storage, read> from_: array<vec4<u32>>;
    @group(0) @binding(1) var<storage, read_write> to_: array<vec4<u32>>;
    @compute @workgroup_size(256) fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
      let stride = groups.x * 256u;
      for (var i = id.x; i < arrayLength(&to_); i += stride) { to_[i] = from_[i]; }
    }`;
  const pipeline = await device.createComputePipelineAsync({
    layout: 'auto',
    compute: { module: device.createShaderModule({ code }), entryPoint: 'main' },
  });
  const bindings = [from, to].map((buffer, binding) => ({ binding, resource: { buffer } }));
  const group = device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries: bindings });
  const copies = 8;
  let best = 0;
  for (let round = 0; round < 10; round += 1) {
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group);
    for (let copy = 0; copy < copies; copy += 1) pass.dispatchWorkgroups(Math.min(4096, bytes / 4096));
    pass.end();
    const startMs = performance.now();
    device.queue.submit([encoder.finish()]);
    await device.queue.onSubmittedWorkDone();
    best = Math.max(best, (2 * bytes * copies) / ((performance.now() - startMs) / 1000));
  }
  const { vendor, architecture, description } = adapter.info;
  return { adapter: description || `${vendor} ${architecture}`, bytes, bytesPerSecond: best };
}

const hub = await startHub({});
const browser = await launch('webgpu', options.adapter);
try {
  const page = await browser.newPage();
  // Only secure contexts have WebGPU; this machine's are.
  await page.goto(hub.url);
  const { adapter, bytes, bytesPerSecond } = await page.evaluate(measure, Number(options.megabytes) * 2 ** 20);
  console.log(
    `${adapter}: ${(bytesPerSecond / 1e9).toFixed(1)} GB/s, read and written together, by copies of ${(bytes / 2 ** 20).toFixed(0)} MiB`,
  );
  if (options['step-ms'] && options['step-gigabytes']) {
    const limitMs = (1000 * Number(options['step-gigabytes']) * 1e9) / bytesPerSecond;
    console.log(
      `A step cannot take less than ${limitMs.toFixed(2)} ms; ${options['step-ms']} ms is ${((100 * limitMs) / Number(options['step-ms'])).toFixed(0)} % of the bandwidth.`,
    );
  }
} finally {
  await browser.close();
  hub.stop();
}
