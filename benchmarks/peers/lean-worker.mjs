import { HubTokenizer } from '../../lib/models';
import { LeanLoop } from './lean-loop.mjs';
import { serve, timePair } from './serve.mjs';

/** Offers the plain loop on one build of ONNX Runtime. */
export function serveLean(ort) {
  let loop;
  let tokenizer;
  serve({
    async load({ origin, name, provider, threads }) {
      ort.env.wasm.wasmPaths = `${origin}/runtime/`;
      ort.env.wasm.numThreads = threads;
      const read = async (path) =>
        new Uint8Array(await (await fetch(`${origin}/${name}/resolve/main/${path}`)).arrayBuffer());
      tokenizer = new HubTokenizer(await read('tokenizer.json'));
      const config = JSON.parse(new TextDecoder().decode(await read('config.json')));
      const onCpu = (graph) => ort.InferenceSession.create(graph, { executionProviders: ['wasm'] });
      const onDevice = (graph, outputs = 'gpu-buffer') =>
        provider === 'cpu'
          ? onCpu(graph)
          : ort.InferenceSession.create(graph, { executionProviders: ['webgpu'], preferredOutputLocation: outputs });
      loop = await LeanLoop.load({ ort, read, config, onDevice, onCpu });
    },
    draw: ({ prompts, steps, guidanceWeight }) =>
      timePair(prompts, (prompt, onToken) => {
        const conditional = tokenizer.prefix(prompt);
        return loop.draw({
          conditional,
          unconditional: tokenizer.unconditional(conditional),
          steps,
          guidanceWeight,
          onToken,
        });
      }),
  });
}
