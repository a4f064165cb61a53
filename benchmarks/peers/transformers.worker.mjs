import './count-calls.mjs';
import { AutoTokenizer, env, MultiModalityCausalLM, Tensor } from '@huggingface/transformers';
import { serve, timePair } from './serve.mjs';

/**
 * transformers.js with its own generation loop, run once for each prompt, in the split over devices that its Janus demo uses. Its `generate_images` is its
 * `generate` in image mode and then the pixel decoder, which is left out of all peers.
 */
const { generate } = Object.getPrototypeOf(MultiModalityCausalLM.prototype);
let model;
let tokenizer;

serve({
  async load({ origin, name, provider, threads }) {
    env.allowLocalModels = false;
    env.remoteHost = origin;
    env.useBrowserCache = false;
    env.useWasmCache = false;
    env.backends.onnx.wasm.wasmPaths = `${origin}/peer-runtime/`;
    env.backends.onnx.wasm.numThreads = threads;
    const on = provider === 'webgpu' ? 'webgpu' : 'wasm';
    const device = {
      prepare_inputs_embeds: 'wasm',
      lm_head: 'wasm',
      language_model: on,
      gen_head: on,
      gen_img_embeds: on,
      image_decode: 'wasm',
    };
    tokenizer = await AutoTokenizer.from_pretrained(name);
    model = await MultiModalityCausalLM.from_pretrained(name, { device, dtype: 'fp32' });
  },
  draw: ({ prompts, steps, guidanceWeight, grid }) =>
    timePair(prompts, async (prompt, onToken) => {
      const { input_ids, attention_mask } = tokenizer(`<|User|>: ${prompt}\n\n<|Assistant|>:<begin_of_image>`);
      const [, length] = input_ids.dims;
      let isPrompt = true;
      model._generation_mode = 'image';
      await generate.call(model, {
        input_ids,
        attention_mask,
        images_seq_mask: new Tensor('bool', new Array(length).fill(false), [1, length]),
        images_emb_mask: new Tensor('bool', [], [1, 0, grid * grid]),
        pixel_values: new Tensor('float32', [], [1, 0, 3, 16 * grid, 16 * grid]),
        guidance_scale: guidanceWeight,
        do_sample: true,
        temperature: 1,
        // The small vocabulary's end of text is also an image code, which no real model's is.
        eos_token_id: [1_000_000],
        max_new_tokens: steps,
        // Told of the prompt first, then of every token.
        streamer: {
          put: () => {
            if (!isPrompt) onToken();
            isPrompt = false;
          },
          end: () => undefined,
        },
      });
    }),
});
