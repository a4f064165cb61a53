import * as z from '@/lib/schema';
import { fileSchema, MANIFEST } from './manifest';
import { parseModelJson } from './model-json';

const judgeManifestSchema = z.object({
  format: z.literal(1),
  kind: z.literal('judge'),
  name: z.string().check(z.regex(/^[\w.-]{1,64}$/)),
  title: z.string().check(z.minLength(1), z.maxLength(200)),
  /** Whose tokens it reads: the SHA-256 of the model's `centroids.bin`. Tokens of another codebook mean something else. */
  codebook: z.object({
    codes: z.number().check(z.int(), z.positive(), z.lte(1_000_000)),
    sha256: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
  }),
  files: z.object({ graph: fileSchema, labels: fileSchema }),
  licences: z.array(z.object({ of: z.string(), licence: z.string(), notice: z.string() })),
});

/** What a judge's folder holds: docs/model-layout.md, "Judges". */
export type JudgeManifest = z.infer<typeof judgeManifestSchema>;
export type JudgeFileRole = keyof JudgeManifest['files'];

/** Reads a judge's `manifest.json`; throws `model-damaged`, with the first thing that is wrong, when it is not one. */
export const parseJudgeManifest = (bytes: Uint8Array): JudgeManifest =>
  parseModelJson(bytes, MANIFEST, judgeManifestSchema);
