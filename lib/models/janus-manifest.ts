import * as z from '@/lib/schema';
import { checkBackground, count, drawnSchema, fileSchema, MANIFEST, type Manifest, parseManifest } from './manifest';
import { parseModelJson } from './model-json';
import { assertRoom } from './picture-tokens';

/** What a page can hold in one piece; one tensor may be this large, the table of text embeddings. */
const MAX_FILE_BYTES = 2 ** 31 - 1;

const largeFileSchema = z.extend(fileSchema, { bytes: z.number().check(z.int(), z.positive(), z.lte(MAX_FILE_BYTES)) });
const elementType = z.enum(['float32', 'float16']);

const janusManifestSchema = z.extend(drawnSchema, {
  layout: z.literal('fused-janus'),
  /** Of prefix and image together. */
  positions: count,
  width: count.check(z.lte(65536)),
  /** Of the keys and values of the graph for WebGPU; those of the other one are float32. */
  cacheType: elementType,
  /** Whether the graph for the processor has its weights as float32 once it is loaded. */
  cpuWeights: z.enum(['dequantized', 'packed']),
  textEmbeddings: z.object({ type: elementType, rows: count, columns: count.check(z.lte(65536)) }),
  special: z.object({
    bos: z.number().check(z.int(), z.gte(0)),
    pad: z.number().check(z.int(), z.gte(0)),
    boi: z.number().check(z.int(), z.gte(0)),
  }),
  files: z.catchall(
    z.object({
      'graph.webgpu': fileSchema,
      'graph.cpu': fileSchema,
      weights: largeFileSchema,
      decoder: fileSchema,
      textEmbeddings: largeFileSchema,
      centroids: fileSchema,
      tokenizer: fileSchema,
    }),
    // `weights.1` and so on.
    largeFileSchema,
  ),
});

/** What the folder of a fused Janus holds: training/README-janus.md. */
export type JanusManifest = z.infer<typeof janusManifestSchema>;
export type JanusFileRole =
  | 'graph.webgpu'
  | 'graph.cpu'
  | 'weights'
  | `weights.${number}`
  | 'decoder'
  | 'textEmbeddings'
  | 'centroids'
  | 'tokenizer';

/** The roles of the weight files, in their order. */
export const weightRoles = ({ files }: JanusManifest): JanusFileRole[] => [
  'weights' as const,
  ...Object.keys(files).filter((role): role is `weights.${number}` => /^weights\.\d+$/.test(role)),
];

/** Bytes of a number of the type. */
export const bytesOfType = (type: 'float32' | 'float16'): 2 | 4 => (type === 'float16' ? 2 : 4);

/** True where the graph for WebGPU computes in 16 bits. */
export const needsShaderF16 = ({ cacheType }: Pick<JanusManifest, 'cacheType'>): boolean => cacheType === 'float16';

/** Reads the manifest of a model whose graph holds everything: the embedded model's layout, or a fused Janus's. Throws `model-damaged` or `model-mismatch`. */
export function parseDrawingManifest(bytes: Uint8Array): Manifest | JanusManifest {
  const { layout } = parseModelJson(bytes, MANIFEST, z.object({ layout: z.string() }));
  if (layout !== 'fused-janus') return parseManifest(bytes);
  const manifest = parseModelJson(bytes, MANIFEST, janusManifestSchema);
  checkBackground(manifest);
  assertRoom(manifest.grid.rows * manifest.grid.columns, manifest.positions, MANIFEST);
  return manifest;
}
