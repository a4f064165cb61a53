import type { Composer } from './compose';
import type { Initializer, ModelParts, Rename } from './model-parts';
import { node, readNode } from './operation';
import { DATA_TYPE } from './proto';

/** On the CPU a packed matrix is unpacked at every product, several times slower than a float32 one: beyond this size alone that is worth it. */
const LARGEST_UNPACKED = 1.5e9;

/** A file of zero points, which symmetric weights leave out: two of 8 in each byte. */
export const ZERO_POINTS = 'zero-points';
const ZERO_POINT_PAIR = 0x88;

interface PackedProduct {
  readonly index: number;
  readonly input: string;
  readonly output: string;
  readonly packed: Initializer;
  readonly scales: Initializer;
  readonly rows: number;
  readonly columns: number;
  readonly blockSize: number;
}

/** `MatMulNBits` nodes of symmetric 4-bit weights with float32 scales. */
function packedProducts({ nodes, initializers }: ModelParts): PackedProduct[] {
  const byName = new Map(initializers.map((each) => [each.name, each]));
  const products: PackedProduct[] = [];
  nodes.forEach((bytes, index) => {
    const {
      type,
      inputs,
      outputs: [output = ''],
      attributes,
    } = readNode(bytes);
    if (type !== 'MatMulNBits') return;
    const [input = '', b = '', s = '', ...more] = inputs;
    const [packed, scales] = [byName.get(b), byName.get(s)];
    const [rows = 0, columns = 0, bits = 4, blockSize = 0] = ['N', 'K', 'bits', 'block_size'].map((name) =>
      attributes.get(name),
    );
    const plain = more.every((name) => name === '') && bits === 4 && blockSize > 0 && columns % blockSize === 0;
    const float32 = scales?.dataType === DATA_TYPE.float32 && scales.place?.bytes === (4 * rows * columns) / blockSize;
    if (plain && float32 && packed?.place?.bytes === (rows * columns) / 2)
      products.push({ index, input, output, packed, scales, rows, columns, blockSize });
  });
  return products;
}

/** A model whose products read float32 weights, and what makes those. */
export interface Unpacked {
  readonly model: ModelParts;
  /** Bytes of zero points that the graph reads. */
  readonly zeroPointBytes: number;
  /** Adds the packed weights, and gives the nodes that unpack them at load. */
  weights(composer: Composer, of: Rename): readonly Uint8Array[];
}

const weightOf = (output: string): string => `${output}/weight`;

/**
 * The same model with its 4-bit matrices as float32, unpacked when it is loaded: the bytes of a `MatMulNBits` weight are those of a 4-bit tensor [rows, columns],
 * which `DequantizeLinear` reads by blocks. Null where there are none, or they would take too much memory.
 */
export function unpacked(model: ModelParts): Unpacked | null {
  const products = packedProducts(model);
  const bytes = products.reduce((sum, { rows, columns }) => sum + 4 * rows * columns, 0);
  if (products.length === 0 || bytes > LARGEST_UNPACKED) return null;
  const plain = new Map(
    products.map(({ index, input, output }) => [index, node('MatMul', [input, weightOf(output)], [output])]),
  );
  const weights = new Set(products.flatMap(({ packed, scales }) => [packed.name, scales.name]));
  const zeroPointBytes = Math.max(
    ...products.map(({ rows, columns, blockSize }) => Math.ceil((rows * columns) / blockSize / 2)),
  );
  return {
    model: {
      ...model,
      nodes: model.nodes.map((each, index) => plain.get(index) ?? each),
      initializers: model.initializers.filter(({ name }) => !weights.has(name)),
    },
    zeroPointBytes,
    weights: (composer, of) =>
      products.flatMap(({ output, packed, scales, rows, columns, blockSize }) => {
        const [q, scale, zero, byRows] = ['q', 'scale', 'zero', 'rows'].map((part) => of(`${output}/${part}`)) as [
          string,
          string,
          string,
          string,
        ];
        const blocks = columns / blockSize;
        composer.view(q, packed.place, 'uint4', [rows, columns]);
        composer.view(scale, scales.place, 'float32', [rows, blocks]);
        composer.view(zero, { file: ZERO_POINTS, offset: 0, bytes: Math.ceil((rows * blocks) / 2) }, 'uint4', [
          rows,
          blocks,
        ]);
        return [
          node('DequantizeLinear', [q, scale, zero], [byRows], { axis: 1, block_size: blockSize }),
          node('Transpose', [byRows], [of(weightOf(output))]),
        ];
      }),
  };
}

export const zeroPoints = (bytes: number): Uint8Array => new Uint8Array(bytes).fill(ZERO_POINT_PAIR);
