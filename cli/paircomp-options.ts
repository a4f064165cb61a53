import type { SamplingSettings } from '@/lib/domain';
import { CATEGORIES, type Category, categoryOf } from '@/lib/paircomp';
import { numberOf, parseCommandLine, readSampling, samplingOptions, UsageError } from './command-line';

export const USAGE = `Runs PairComp: draws pairs of prompts, judges the pictures, and sums up s_a, s_g and their gap.

  npm run -s paircomp -- --model embedded --pairs built-in --out DIR [options]
  npm run -s paircomp -- --pairs FILE --scores FILE [--json]

  --pairs FILE|built-in   a JSON list of {category, caption1, caption2}, or the embedded model's 720 held-out pairs
  --model NAME|FOLDER     a bundled model by name or role (embedded, base, pair-grpo), or a model folder   (default: embedded)
  --out DIR               where pictures (X_Y_Z.png), scores.json and summary.json go
  --resume                go on with the run in DIR; nothing is drawn twice
  --limit N               pairs in all, spread evenly over the categories      (default: all)
  --categories LIST       e.g. color,counting                                  (default: all six)
  --images N              pictures for each prompt, 1 to 8                     (default: 2, as in the paper)
  --judge WHO             embedded: the judge of the embedded model; janus: the drawing Janus's own understanding (its folder needs
                          prepare_inputs_embeds and lm_head); endpoint; none   (default: embedded where it fits, else none)
  --endpoint URL          of a chat-completions server with vision and logprobs, for --judge endpoint: pictures and prompts go there
  --endpoint-model NAME   the model that it shall use; a key is read from PAIRCOMP_KEY
  --scores FILE           sum up a scores file in the authors' form instead of drawing
  --json                  print one JSON object on standard output
  --seed N                of the run, 0 to 4294967295                          (default: 7)
  --guidance G, --temperature T, --top-k K, --top-p P, --plausibility M, --greedy
                          as for "npm run pair"                                (default: the model's own)
  --coupling C            independent: each picture has noise of its own, as in the paper (default); coupled: a pair's two
                          prompts share theirs
  --help                  print this`;

const options = {
  pairs: { type: 'string' },
  model: { type: 'string' },
  out: { type: 'string' },
  resume: { type: 'boolean' },
  limit: { type: 'string' },
  categories: { type: 'string' },
  images: { type: 'string' },
  judge: { type: 'string' },
  endpoint: { type: 'string' },
  'endpoint-model': { type: 'string' },
  scores: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean' },
  ...samplingOptions,
} as const;

const JUDGES = ['embedded', 'janus', 'endpoint', 'none'] as const;

export type JudgeChoice = (typeof JUDGES)[number];

interface Common {
  /** A path, or null for the built-in pairs. */
  readonly pairs: string | null;
  readonly images: number;
  readonly json: boolean;
}

export interface DrawOptions extends Common {
  readonly kind: 'draw';
  /** Null for the bundled default. */
  readonly model: string | null;
  readonly out: string;
  readonly resume: boolean;
  readonly limit: number | null;
  readonly categories: readonly Category[] | null;
  /** Null takes the model's own judge where there is one. */
  readonly judge: JudgeChoice | null;
  /** For the judge `endpoint`. */
  readonly endpoint: { readonly url: string; readonly model: string } | null;
  readonly settings: Partial<SamplingSettings>;
}

export interface ScoresOptions extends Common {
  readonly kind: 'scores';
  readonly scores: string;
}

export type PairCompOptions = { readonly kind: 'help' } | DrawOptions | ScoresOptions;

function wholeNumber(option: string, text: string | undefined, low: number, high: number): number | undefined {
  const value = numberOf(text);
  if (value !== undefined && !(Number.isInteger(value) && value >= low && value <= high)) {
    throw new UsageError(`${option} must be a whole number from ${low} to ${high.toLocaleString('en')}.`);
  }
  return value;
}

function readCategories(text: string): Category[] {
  const found = text.split(',').map((name) => {
    const category = categoryOf(name);
    if (category === null)
      throw new UsageError(`"${name.trim()}" names none of the categories: ${CATEGORIES.join(', ')}.`);
    return category;
  });
  return CATEGORIES.filter((category) => found.includes(category));
}

/** Reads the command line. @throws UsageError */
export function readOptions(args: readonly string[]): PairCompOptions {
  const values = parseCommandLine(args, options);
  if (values.help) return { kind: 'help' };
  if (!values.pairs) throw new UsageError('Pairs are needed: --pairs FILE, or --pairs built-in.');
  const common: Common = {
    pairs: values.pairs === 'built-in' ? null : values.pairs,
    images: wholeNumber('--images', values.images, 1, 8) ?? 2,
    json: values.json ?? false,
  };
  if (values.scores !== undefined) {
    const idle = (['model', 'out', 'resume', 'limit', 'categories', 'judge', 'endpoint'] as const).find(
      (name) => values[name] !== undefined,
    );
    if (values.scores === '') throw new UsageError('--scores needs the name of a file.');
    if (idle !== undefined)
      throw new UsageError(`--scores sums up a file and draws nothing, so --${idle} has no meaning with it.`);
    return { kind: 'scores', ...common, scores: values.scores };
  }
  if (values.out === undefined)
    throw new UsageError(
      'Where the pictures go is needed: --out DIR; or --scores FILE, to sum up scores that are there.',
    );
  const judge = values.judge === undefined ? null : JUDGES.find((each) => each === values.judge);
  if (judge === undefined) throw new UsageError(`--judge must be one of ${JUDGES.join(', ')}.`);
  const { endpoint: url, 'endpoint-model': model } = values;
  if (
    (judge === 'endpoint') !== (url !== undefined && model !== undefined) ||
    (url === undefined) !== (model === undefined)
  ) {
    throw new UsageError('--judge endpoint, --endpoint URL and --endpoint-model NAME belong together.');
  }
  return {
    kind: 'draw',
    ...common,
    model: values.model === undefined || values.model === 'embedded' ? null : values.model,
    out: values.out,
    resume: values.resume ?? false,
    limit: wholeNumber('--limit', values.limit, 1, 1_000_000) ?? null,
    categories: values.categories === undefined ? null : readCategories(values.categories),
    judge,
    endpoint: url === undefined || model === undefined ? null : { url, model },
    settings: readSampling(values),
  };
}
