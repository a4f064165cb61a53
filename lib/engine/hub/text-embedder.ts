import type { Feeds, Ort, Session } from '../decode-backend';
import { EngineError } from '../errors';
import type { HubShape } from './shape';

type Tensor = Feeds[string];

/** Looks text embeddings up, on the CPU. */
export class TextEmbedder {
  constructor(
    private readonly ort: Ort,
    private readonly session: Session,
    /** From the table's type to the language model's, where they differ. */
    private readonly cast: Session | null,
    private readonly shape: Pick<HubShape, 'text'>,
  ) {}

  /** Embeddings of text tokens, int64 [lanes, length] -> [lanes, length, hidden size] in the language model's type. */
  async embed(ids: BigInt64Array, lanes: number, length: number): Promise<Tensor> {
    const { ort } = this;
    const feeds: Feeds = {};
    for (const { name, dims } of this.shape.text.inputs) {
      // `prepare_inputs_embeds` wants a picture even where the text has none: an empty one that no position shows.
      const size = (axis: number, otherwise: number) => (typeof dims[axis] === 'number' ? dims[axis] : otherwise);
      if (name === 'input_ids') feeds[name] = new ort.Tensor('int64', ids, [lanes, length]);
      else if (name === 'images_seq_mask') feeds[name] = new ort.Tensor('bool', new Uint8Array(lanes * length), [lanes, length]);
      else if (name === 'images_emb_mask') feeds[name] = new ort.Tensor('bool', new Uint8Array(size(2, 576)), [1, 1, size(2, 576)]);
      else if (name === 'pixel_values') {
        const picture = [1, 1, 3, size(3, 384), size(4, 384)];
        feeds[name] = new ort.Tensor('float32', new Float32Array(picture.reduce((product, each) => product * each, 1)), picture);
      } else throw new EngineError('model-mismatch', { file: 'onnx/embed_tokens.onnx', detail: `it wants ${name}, which drawing does not have` });
    }
    const [rows] = Object.values(await this.session.run(feeds)) as [Tensor];
    if (!this.cast) return rows;
    const [same] = Object.values(await this.cast.run({ x: rows })) as [Tensor];
    return same;
  }

  async release(): Promise<void> {
    await this.session.release();
    await this.cast?.release();
  }
}
