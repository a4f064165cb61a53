import { parseModelJson } from '@/lib/models';
import * as z from '@/lib/schema';

const count = z.number().check(z.int(), z.gte(0));
const words = z.array(z.string());
const meanings = z.record(z.string(), z.string());

const vocabularySchema = z.object({
  before: z.record(z.string(), z.nullable(z.string())),
  after: meanings,
  places: meanings,
  singular: meanings,
  plural: meanings,
  colourable: words,
  colours: meanings,
  sizes: meanings,
  patterns: meanings,
  numbers: z.record(z.string(), count),
  accessories: meanings,
  relations: meanings,
  turned: meanings,
  sides: meanings,
  joints: words,
  says: words,
});

const labelsSchema = z.object({
  format: z.literal(1),
  id: z.string(),
  graph: z.object({ path: z.string(), bytes: count, sha256: z.string() }),
  grid: z.object({ rows: count, columns: count }),
  codes: count,
  heads: z.record(z.string(), count),
  labels: z.object({
    object: words,
    colour: words,
    size: z.array(count),
    pattern: words,
    accessory: words,
    style: words,
    board: words,
    glyph: words,
    background: z.array(z.object({ style: z.string(), place: z.nullable(z.string()) })),
  }),
  sizes: z.object({ big: count, small: count }),
  accessoryRows: count,
  sign: z.object({ rows: count, letterCells: count, maxLetters: count }),
  matching: z.object({ epsilon: z.number(), maxCandidates: count }),
  vocabulary: vocabularySchema,
});

/** Words and phrases of captions by what they mean. */
export type JudgeVocabulary = z.infer<typeof vocabularySchema>;

/** `judge.json`: what the judge's graph answers with, and the words it reads. */
export type JudgeLabels = z.infer<typeof labelsSchema>;

/** Reads `judge.json`; throws `model-damaged` when it is not one. */
export const parseJudgeLabels = (bytes: Uint8Array): JudgeLabels => parseModelJson(bytes, 'judge.json', labelsSchema);
