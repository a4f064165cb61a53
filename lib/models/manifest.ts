import { ModelError, type NumericSetting, SETTINGS_RANGES } from '@/lib/domain';
import * as z from '@/lib/schema';
import { parseModelJson } from './model-json';

/** Nothing larger is fetched on a manifest's word. */
const MAX_FILE_BYTES = 2 ** 30;

export const count = z.number().check(z.int(), z.positive(), z.lte(1_000_000));

/** How a manifest names one file of its folder. */
export const fileSchema = z.object({
  // A plain file name: a manifest cannot lead out of its folder.
  path: z.string().check(
    z.regex(/^[\w.-]+$/),
    z.refine((path) => path !== '.' && path !== '..'),
  ),
  bytes: z.number().check(z.int(), z.positive(), z.lte(MAX_FILE_BYTES)),
  sha256: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
});

const within = (setting: NumericSetting) =>
  z.number().check(z.gte(SETTINGS_RANGES[setting].minimum), z.lte(SETTINGS_RANGES[setting].maximum));

/** The defaults of a model: every sampling setting but seed and greedy. */
export const defaultsSchema = z.object({
  guidanceWeight: within('guidanceWeight'),
  temperature: within('temperature'),
  topK: z.number().check(z.int(), z.gte(SETTINGS_RANGES.topK.minimum)),
  topP: z.number().check(z.gt(SETTINGS_RANGES.topP.minimum), z.lte(SETTINGS_RANGES.topP.maximum)),
  plausibility: within('plausibility'),
  coupling: z.enum(['coupled', 'independent']),
});

/** What the manifests of all models that draw from one graph say. */
export const drawnSchema = z.object({
  format: z.literal(1),
  name: z.string().check(z.regex(/^[\w.-]{1,64}$/)),
  title: z.string().check(z.minLength(1), z.maxLength(200)),
  weightType: z.string().check(z.minLength(1), z.maxLength(32)),
  parameters: z.number().check(z.int(), z.positive()),
  grid: z.object({ rows: count.check(z.lte(256)), columns: count.check(z.lte(256)) }),
  codes: count,
  image: z.object({ width: count.check(z.lte(8192)), height: count.check(z.lte(8192)) }),
  textTokens: count,
  layers: count.check(z.lte(1024)),
  heads: count.check(z.lte(1024)),
  headSize: count.check(z.lte(1024)),
  backgroundCode: z.number().check(z.int(), z.gte(0)),
  nearCodeDistance: z.number().check(z.gte(0)),
  defaults: defaultsSchema,
  licences: z.array(z.object({ of: z.string(), licence: z.string(), notice: z.string() })),
});

const manifestSchema = z.extend(drawnSchema, {
  layout: z.literal('fused'),
  prefixLength: count.check(z.gte(2), z.lte(4096)),
  files: z.object({
    'graph.webgpu': fileSchema,
    'graph.cpu': fileSchema,
    weights: fileSchema,
    decoder: fileSchema,
    text: fileSchema,
    codebook: fileSchema,
    centroids: fileSchema,
    vocabulary: fileSchema,
    card: fileSchema,
    /** A picture for the model's page: PNG, WebP or JPEG. */
    contactSheet: z.optional(fileSchema),
  }),
});

/** What a model folder holds and how its files fit together: docs/model-layout.md. */
export type Manifest = z.infer<typeof manifestSchema>;
/** Every file that a program reads; the contact sheet is for people. */
export type FileRole = Exclude<keyof Manifest['files'], 'contactSheet'>;
export type ManifestFile = z.infer<typeof fileSchema>;

/** The files that show recorded tokens: all that an archived model keeps beside its manifest. */
export const DECODING_ROLES = ['decoder', 'codebook'] as const satisfies readonly FileRole[];

/** The name of every manifest, whatever it is of. */
export const MANIFEST = 'manifest.json';

/** Throws `model-damaged` unless the background is one of the codes. */
export function checkBackground({
  backgroundCode,
  codes,
}: {
  readonly backgroundCode: number;
  readonly codes: number;
}): void {
  if (backgroundCode >= codes)
    throw new ModelError('model-damaged', { file: MANIFEST, detail: 'backgroundCode is not one of the codes' });
}

/** Reads `manifest.json`; throws `model-damaged`, with the first thing that is wrong, when it is not one. */
export function parseManifest(bytes: Uint8Array): Manifest {
  const manifest = parseModelJson(bytes, MANIFEST, manifestSchema);
  checkBackground(manifest);
  return manifest;
}
