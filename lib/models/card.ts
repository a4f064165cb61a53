import * as z from '@/lib/schema';
import { parseModelJson } from './model-json';

const share = z.number().check(z.gte(0), z.lte(1));
const optional = <T extends z.ZodMiniType>(type: T) =>
  z.pipe(
    z.nullish(type),
    z.transform((value) => value ?? undefined),
  );

/** A share of prompts with its standard error. */
const rate = z.object({
  prompts: optional(z.number().check(z.int())),
  right: share,
  standardError: optional(z.number()),
});

const measured = z.object({
  ...rate.shape,
  bothOfPair: optional(share),
  blank: optional(share),
  categories: optional(
    z.record(
      z.string(),
      z.extend(rate, {
        bothOfPair: optional(share),
        unseenCombination: optional(rate),
        seenCombination: optional(rate),
      }),
    ),
  ),
});

const report = z.extend(measured, {
  how: optional(z.string()),
  weightType: optional(z.string()),
  settings: optional(z.record(z.string(), z.union([z.number(), z.string(), z.boolean(), z.null()]))),
  imagesPerSecond: optional(z.number()),
  ceiling: optional(measured),
  differentPicturesOf20: optional(z.object({ prompts: optional(z.number()), median: z.number() })),
  foregroundEntropyBits: optional(z.number()),
  stepsOfPartialDivergence: optional(share),
});

/** The paper's measures: arithmetic and geometric mean of a pair's scores, and their gap. */
const scores = z.object({
  s_a: z.number(),
  s_g: z.number(),
  gap: optional(z.number()),
  standardError: optional(z.number()),
});

const judge = z.object({
  name: optional(z.string()),
  version: optional(z.string()),
  how: optional(z.string()),
  categories: optional(z.record(z.string(), scores)),
  average: optional(scores),
  balancedAccuracy: optional(share),
  ownCaptionPreferred: optional(share),
  expectedCalibrationError: optional(share),
  reliability: optional(
    z.array(z.object({ predicted: share, observed: share, count: z.number().check(z.int(), z.gte(0)) })),
  ),
});

const cardSchema = z.object({
  name: z.string(),
  description: z.string(),
  languageModel: optional(
    z.object({
      steps: optional(z.number()),
      imagesPerStep: optional(z.number()),
      imagesSeen: optional(z.number()),
      wallClockMinutes: optional(z.number()),
      hardware: optional(z.string()),
      optimizer: optional(z.string()),
      history: optional(z.string()),
    }),
  ),
  tokenizer: optional(
    z.object({
      codes: optional(z.number()),
      foregroundPsnr: optional(z.number()),
      pixelDecoderPsnr: optional(z.object({ all: z.number(), foreground: z.number() })),
    }),
  ),
  data: optional(z.string()),
  heldOut: optional(z.string()),
  evaluation: optional(report),
  asShipped: optional(report),
  judge: optional(judge),
  weaknesses: optional(z.array(z.string())),
  licences: optional(
    z.array(
      z.object({ what: z.string(), holder: optional(z.string()), licence: z.string(), source: optional(z.string()) }),
    ),
  ),
  contactSheet: optional(z.string()),
});

/** The model card: what was measured of a model. Whatever was not measured is not there (docs/model-layout.md, "Card"). */
export type ModelCard = z.infer<typeof cardSchema>;
export type ModelReport = NonNullable<ModelCard['evaluation']>;
export type ModelJudgement = NonNullable<ModelCard['judge']>;

/** Reads the card; throws `model-damaged`, with the first thing that is wrong, when it is not one. */
export const parseModelCard = (bytes: Uint8Array): ModelCard => parseModelJson(bytes, 'model-card.json', cardSchema);
