import * as z from '@/lib/schema';

/** Measures of held-out pairs, per cent: s_a, s_g and their gap by the judge; right, and both of a pair right, by the oracle. */
export const MEASURES = ['s_a', 's_g', 'gap', 'right', 'bothRight'] as const;
export type Measure = (typeof MEASURES)[number];

/** What was compared, in the order of tables. */
export const METHODS = ['base', 'supervised', 'vanilla', 'pair'] as const;
export type Method = (typeof METHODS)[number];

const values = z.object({
  s_a: z.number(),
  s_g: z.number(),
  gap: z.number(),
  right: z.number(),
  bothRight: z.number(),
});
const range = z.tuple([z.number(), z.number()]);
const intervals = z.object({ s_a: range, s_g: range, gap: range, right: range, bothRight: range });
const points = z.array(z.tuple([z.number(), z.number()]));

const picture = z.object({
  kind: z.enum(['rollout', 'own', 'sibling']),
  reward: z.number(),
  paired: z.number(),
  alone: z.number(),
});

const reportSchema = z.object({
  format: z.literal(1),
  how: z.string(),
  settings: z.object({
    guidance: z.number().check(z.gte(0), z.lte(30)),
    mask: z.number().check(z.gte(0), z.lte(1)),
    temperature: z.number().check(z.gte(0.05), z.lte(5)),
  }),
  cost: z.record(z.string(), z.object({ steps: z.number(), cpuSeconds: z.number(), passes: z.number() })),
  methods: z.partialRecord(
    z.enum(METHODS),
    z
      .object({ mean: z.record(z.string(), values), interval: intervals, seeds: z.array(values).check(z.minLength(1)) })
      .check(z.refine(({ mean }) => 'Average' in mean, 'has no Average')),
  ),
  differences: z.record(z.string(), z.object({ mean: values, interval: intervals })),
  /** Pictures right by the oracle, per cent, of prompts that name a combination which training never names, and of all others; and how much more than the base. */
  novelty: z.optional(
    z.partialRecord(
      z.enum(['unseen', 'others']),
      z.object({
        prompts: z.number(),
        right: z.partialRecord(z.enum(METHODS), z.number()),
        more: z.partialRecord(z.enum(METHODS), z.object({ mean: z.number(), interval: range })),
      }),
    ),
  ),
  /** Prompts, per cent, of whose pictures all, some or none are right by the oracle. */
  steadiness: z.optional(
    z.partialRecord(z.enum(METHODS), z.object({ all: z.number(), some: z.number(), none: z.number() })),
  ),
  curves: z.object({
    /** Steps over which each point is a mean. */
    window: z.number().check(z.int(), z.positive()),
    /** By run, METHOD-SEED. */
    runs: z.record(z.string(), z.object({ steps: z.number(), reward: z.optional(points), kl: z.optional(points) })),
  }),
  /** One group of a run, as training made it; its pictures are in group.png, a row for each prompt. */
  group: z.optional(
    z.object({
      run: z.string(),
      category: z.string(),
      captions: z.tuple([z.string(), z.string()]),
      pictures: z.tuple([z.array(picture), z.array(picture)]),
    }),
  ),
});

/** What `python -m pairscope grpo story` writes of the experiment: `public/grpo/report.json`. */
export type GrpoReport = z.infer<typeof reportSchema>;
export type GroupPicture = z.infer<typeof picture>;
export type Difference = GrpoReport['differences'][string];

/** Reads the report; null when it is none. */
export function parseGrpoReport(text: string): GrpoReport | null {
  const parsed = z.parseJson(text, reportSchema);
  return parsed.ok ? parsed.value : null;
}

/** How much more `later` has than `earlier`, pair by pair; null where one of them was not measured. */
export const differenceOf = ({ differences }: GrpoReport, later: Method, earlier: Method): Difference | null =>
  differences[`${later} - ${earlier}`] ?? null;

/** The method of a run, METHOD-SEED; null for a name of another form. */
export const methodOfRun = (run: string): Method | null =>
  METHODS.find((method) => run.startsWith(`${method}-`)) ?? null;
