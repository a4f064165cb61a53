/**
 * The reference of a plain loop: three graphs a step (image embedding, language model, head) of the hub's files, two rows for one prompt (with it and
 * without), the cache kept where the graphs run, the logits read back, guidance and sampling in JavaScript.
 */
export class LeanLoop {
  /** `read(path)` gives a file's bytes; `session(bytes, outputs)` opens a graph, `outputs` saying what stays on the device. */
  static async load({ ort, read, config, onDevice, onCpu }) {
    const loop = new LeanLoop();
    loop.ort = ort;
    loop.config = config;
    loop.text = await onCpu(await read('onnx/embed_tokens.onnx'));
    loop.language = await onDevice(await read('onnx/language_model.onnx'));
    loop.head = await onDevice(await read('onnx/gen_head.onnx'), 'cpu');
    loop.image = await onDevice(await read('onnx/gen_img_embeds.onnx'));
    return loop;
  }

  /** Draws `steps` tokens after the ids of a prompt. */
  async draw({ conditional, unconditional, steps, guidanceWeight, onToken }) {
    const { ort } = this;
    const { num_hidden_layers: layers, num_attention_heads: heads, hidden_size: width } = this.config.language_config;
    const rows = 2;
    const ids = BigInt64Array.from([...conditional, ...unconditional], BigInt);
    let cache = {};
    for (let layer = 0; layer < layers; layer += 1) {
      for (const part of ['key', 'value'])
        cache[`past_key_values.${layer}.${part}`] = new ort.Tensor('float32', new Float32Array(0), [
          rows,
          heads,
          0,
          width / heads,
        ]);
    }
    let { inputs_embeds: embeddings } = await this.text.run({
      input_ids: new ort.Tensor('int64', ids, [rows, conditional.length]),
    });
    let length = 0;
    for (let step = 0; step < steps; step += 1) {
      const [, count] = embeddings.dims;
      const positions = BigInt64Array.from({ length: rows * count }, (_, i) => BigInt(length + (i % count)));
      length += count;
      const { hidden_states: hidden, ...present } = await this.language.run({
        inputs_embeds: embeddings,
        attention_mask: new ort.Tensor('int64', new BigInt64Array(rows * length).fill(1n), [rows, length]),
        position_ids: new ort.Tensor('int64', positions, [rows, count]),
        ...cache,
      });
      for (const tensor of [embeddings, ...Object.values(cache)]) tensor.dispose();
      cache = Object.fromEntries(
        Object.entries(present).map(([name, tensor]) => [name.replace('present', 'past_key_values'), tensor]),
      );
      const { logits } = await this.head.run({ hidden_states: hidden });
      hidden.dispose();
      const token = sample(logits, guidanceWeight);
      onToken(token);
      if (step < steps - 1)
        embeddings = (
          await this.image.run({ image_ids: new ort.Tensor('int64', BigInt64Array.of(token, token), [rows, 1]) })
        ).inputs_embeds;
    }
    for (const tensor of Object.values(cache)) tensor.dispose();
  }
}

/** A token of the guided distribution at temperature 1, from the last position of [2, length, codes]. */
function sample({ data, dims: [, length, codes] }, guidanceWeight) {
  const with_ = data.subarray((length - 1) * codes, length * codes);
  const without = data.subarray((2 * length - 1) * codes, 2 * length * codes);
  const weights = new Float32Array(codes);
  let largest = -Infinity;
  for (let code = 0; code < codes; code += 1) {
    weights[code] = without[code] + guidanceWeight * (with_[code] - without[code]);
    if (weights[code] > largest) largest = weights[code];
  }
  let sum = 0;
  for (let code = 0; code < codes; code += 1) sum += weights[code] = Math.exp(weights[code] - largest);
  let left = Math.random() * sum;
  for (let code = 0; code < codes; code += 1) if ((left -= weights[code]) <= 0) return BigInt(code);
  return BigInt(codes - 1);
}
