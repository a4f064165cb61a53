import { EngineError, ModelError } from '@/lib/domain';
import { castGraph } from '@/lib/onnx';
import type { Feeds, Ort, Session } from '../../decode/ort/types';
import type { HubShape } from './shape';
import type { TextRows } from './text-rows';

type Tensor = Feeds[string];

/** Looks up embeddings of text tokens: int64 [lanes, length] -> [lanes, length, hidden size], on the CPU. */
type EmbedText = (ids: BigInt64Array, lanes: number, length: number) => Promise<Tensor>;

/** From the whole table, by the folder's own graph. */
const tableEmbedder =
  (ort: Ort, { text }: HubShape, session: Session, file: string): EmbedText =>
  async (ids, lanes, length) => {
    const feeds: Feeds = {};
    for (const { name, dims } of text?.inputs ?? []) {
      // `prepare_inputs_embeds` wants a picture even where the text has none: an empty one that no position shows.
      const size = (axis: number, otherwise: number) => (typeof dims[axis] === 'number' ? dims[axis] : otherwise);
      if (name === 'input_ids') feeds[name] = new ort.Tensor('int64', ids, [lanes, length]);
      else if (name === 'images_seq_mask')
        feeds[name] = new ort.Tensor('bool', new Uint8Array(lanes * length), [lanes, length]);
      else if (name === 'images_emb_mask')
        feeds[name] = new ort.Tensor('bool', new Uint8Array(size(2, 576)), [1, 1, size(2, 576)]);
      else if (name === 'pixel_values') {
        const picture = [1, 1, 3, size(3, 384), size(4, 384)];
        feeds[name] = new ort.Tensor(
          'float32',
          new Float32Array(picture.reduce((product, each) => product * each, 1)),
          picture,
        );
      } else throw new EngineError('model-mismatch', { file, detail: `it wants ${name}, which drawing does not have` });
    }
    return Object.values(await session.run(feeds))[0] as Tensor;
  };

/** From the rows that were fetched for the prompts. Throws `model-missing` for a row that was not. */
const rowsEmbedder =
  (ort: Ort, { table, rows }: TextRows): EmbedText =>
  (ids, lanes, length) => {
    const { columns, type, path } = table;
    const rowBytes = columns * (type === 'float32' ? 4 : 2);
    const all = new Uint8Array(ids.length * rowBytes);
    ids.forEach((id, index) => {
      const row = rows.get(Number(id));
      if (!row) throw new EngineError('model-missing', { file: path });
      all.set(row, index * rowBytes);
    });
    const dims = [lanes, length, columns];
    if (type === 'float32') return Promise.resolve(new ort.Tensor('float32', new Float32Array(all.buffer), dims));
    const Halves = (globalThis as { Float16Array?: typeof Uint16Array }).Float16Array ?? Uint16Array;
    return Promise.resolve(new ort.Tensor('float16', new Halves(all.buffer), dims));
  };

/** Looks text embeddings up, on the CPU: in the folder's table, or in rows of it that were fetched. */
export class TextEmbedder {
  private constructor(
    private readonly lookUp: EmbedText,
    /** From the table's type to the language model's, where they differ. */
    private readonly cast: Session | null,
    private readonly table: Session | null,
  ) {}

  /** `open` makes a session of a graph. Throws `model-mismatch` for rows of another width. */
  static async open(
    ort: Ort,
    shape: HubShape,
    table: { readonly session: Session; readonly file: string } | null,
    rows: TextRows | undefined,
    open: (graph: Uint8Array) => Promise<Session>,
  ): Promise<TextEmbedder> {
    if (rows && rows.table.columns !== shape.hiddenSize) {
      const { path, columns } = rows.table;
      throw new ModelError('model-mismatch', {
        file: path,
        detail: `its rows have ${columns} numbers where the others have ${shape.hiddenSize}`,
      });
    }
    const type = rows?.table.type ?? shape.text?.output.type ?? shape.embeddings.type;
    const cast = type === shape.embeddings.type ? null : await open(castGraph(type, shape.embeddings.type));
    if (rows) return new TextEmbedder(rowsEmbedder(ort, rows), cast, null);
    if (!table) throw new Error('There is neither a table nor rows of one.');
    return new TextEmbedder(tableEmbedder(ort, shape, table.session, table.file), cast, table.session);
  }

  /** Embeddings of text tokens, int64 [lanes, length] -> [lanes, length, hidden size] in the language model's type. */
  async embed(ids: BigInt64Array, lanes: number, length: number): Promise<Tensor> {
    const rows = await this.lookUp(ids, lanes, length);
    return this.cast ? (Object.values(await this.cast.run({ x: rows }))[0] as Tensor) : rows;
  }

  async release(): Promise<void> {
    await this.table?.release();
    await this.cast?.release();
  }
}
