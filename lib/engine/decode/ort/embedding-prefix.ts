import type { ExecutionProvider } from '@/lib/domain';
import { paddedLength } from '../padding';
import type { PrefixBuilder } from './prefix';
import type { Feeds } from './types';

/** Embeddings of text tokens, float32 [columns] each. */
export interface EmbeddingTable {
  readonly columns: number;
  row(id: number): Float32Array;
}

/**
 * For graphs that take the prefix as rows of text embeddings. The CPU's graph takes all of them at once, filled up to one length on the left,
 * where `pads` masks them out. The GPU's takes one position of every row a run: with rows padded on the right, `GroupQueryAttention` of ONNX Runtime 1.30 on WebGPU
 * gives other numbers than on the CPU. Rows end together; one that has not begun writes to its first place what its first token writes over.
 */
export const embeddingPrefix =
  (table: EmbeddingTable, on: ExecutionProvider): PrefixBuilder =>
  (ort, rows) => {
    const lengths = rows.map(({ length }) => length);
    const longest = Math.max(...lengths);
    const room = paddedLength(longest);
    const lanes = rows.length;
    const { columns } = table;
    const float = (data: Float32Array, dims: number[]) => new ort.Tensor('float32', data, dims);
    const pads = new ort.Tensor(
      'int64',
      BigInt64Array.from(lengths, (length) => BigInt(room - length)),
      [lanes],
    );
    const pick = float(new Float32Array(lanes).fill(1), [lanes, 1, 1]);
    const inputs = (length: number, text: Float32Array, isImage: number): Feeds => ({
      text_embeds: float(text, [lanes, length, columns]),
      is_image: float(new Float32Array(lanes * length).fill(isImage), [lanes, length, 1]),
      ...(on === 'wasm' ? { pads } : { pick }),
    });
    /** Slots `from` to `to` of rows that are filled up on the left to the given length. */
    const part = (padded: number, from: number, to: number): Feeds => {
      const embeddings = new Float32Array(lanes * (to - from) * columns);
      rows.forEach((row, lane) => {
        for (let slot = Math.max(from, padded - row.length); slot < to; slot++) {
          embeddings.set(
            table.row(row[slot - (padded - row.length)] as number),
            (lane * (to - from) + slot - from) * columns,
          );
        }
      });
      return inputs(to - from, embeddings, 0);
    };
    const later = inputs(1, new Float32Array(lanes * columns), 1);
    if (on === 'wasm') {
      const first = part(room, 0, room);
      return {
        room,
        earlier: [],
        slots: room,
        lengths,
        ids: new BigInt64Array(lanes * room),
        feeds: (isFirst) => (isFirst ? first : later),
      };
    }
    const earlier = Array.from({ length: longest - 1 }, (_, slot) => ({
      lengths: lengths.map((length) => Math.max(1, slot + 1 - (longest - length))),
      feeds: () => part(longest, slot, slot + 1),
    }));
    const last = part(longest, longest - 1, longest);
    return {
      room,
      earlier,
      slots: 1,
      lengths,
      ids: new BigInt64Array(lanes),
      feeds: (isFirst) => (isFirst ? last : later),
    };
  };
