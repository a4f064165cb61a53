import type { Pair, SamplingSettings } from '@/lib/domain';
import { numberOf, parseCommandLine, readSampling, samplingOptions, UsageError } from './command-line';

export { UsageError };

export const USAGE = `Draws two prompts side by side and compares their tokens.

  npm run -s pair -- --a "a red apple" --b "a blue apple" [options]

  --a, --b TEXT           the two prompts
  --model NAME|FOLDER     a bundled model, also by its role (base, pair-grpo), or a model folder
                                                              (default: the bundled default)
  --seed N                0 to 4294967295                         (default: 7)
  --guidance G            guidance weight, 0 to 30
  --temperature T         0.05 to 5
  --top-k K               keep the K most likely tokens, 0: all
  --top-p P               keep the most likely tokens that sum to P, above 0, at most 1
  --plausibility M        plausibility mask, 0 (off) to 1
  --coupling C            coupled: the same noise on both sides; independent: each its own
  --greedy                take the most likely token at every step
  --steps N               draw the first N tokens of each side only
  --json                  print one JSON object on standard output
  --out DIR               write a.png, b.png, difference.png and comparison.json
  --help                  print this

Settings that are not given are the model's own defaults.`;

const options = {
  a: { type: 'string' },
  b: { type: 'string' },
  model: { type: 'string' },
  ...samplingOptions,
  steps: { type: 'string' },
  json: { type: 'boolean' },
  out: { type: 'string' },
  help: { type: 'boolean' },
} as const;

export interface PairOptions {
  readonly help: boolean;
  readonly prompts: Pair<string>;
  readonly model: string | null;
  /** What was given on the command line; the rest comes from the model. */
  readonly settings: Partial<SamplingSettings>;
  /** How many tokens of each side are drawn; null: all. */
  readonly steps: number | null;
  readonly json: boolean;
  readonly out: string | null;
}

/** Reads the command line. @throws UsageError */
export function readOptions(args: readonly string[]): PairOptions {
  const values = parseCommandLine(args, options);
  const help = values.help ?? false;
  if (!help && (values.a === undefined || values.b === undefined))
    throw new UsageError('Both prompts are needed: --a TEXT and --b TEXT.');
  const steps = numberOf(values.steps) ?? null;
  if (steps !== null && !(Number.isSafeInteger(steps) && steps >= 1))
    throw new UsageError('--steps takes a whole number from 1 on.');
  return {
    help,
    prompts: { a: values.a ?? '', b: values.b ?? '' },
    model: values.model ?? null,
    settings: readSampling(values),
    steps,
    json: values.json ?? false,
    out: values.out ?? null,
  };
}
