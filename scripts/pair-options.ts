import { parseArgs } from 'node:util';
import { checkSettings, type Coupling, type Pair, type SamplingSettings } from '../lib/engine';

/** A mistake in the command line; its message is one sentence. */
export class UsageError extends Error {}

export const USAGE = `Draws two prompts side by side and compares their tokens.

  npm run -s pair -- --a "a red apple" --b "a blue apple" [options]

  --a, --b TEXT           the two prompts
  --model NAME|FOLDER     a bundled model, or a model folder      (default: the bundled default)
  --seed N                0 to 4294967295                         (default: 7)
  --guidance G            guidance weight, 0 to 30
  --temperature T         0.05 to 5
  --top-k K               keep the K most likely tokens, 0: all
  --top-p P               keep the most likely tokens that sum to P, above 0, at most 1
  --plausibility M        plausibility mask, 0 (off) to 1
  --coupling C            coupled: the same noise on both sides; independent: each its own
  --greedy                take the most likely token at every step
  --json                  print one JSON object on standard output
  --out DIR               write a.png, b.png, difference.png and comparison.json
  --help                  print this

Settings that are not given are the model's own defaults.`;

const options = {
  a: { type: 'string' },
  b: { type: 'string' },
  model: { type: 'string' },
  seed: { type: 'string' },
  guidance: { type: 'string' },
  temperature: { type: 'string' },
  'top-k': { type: 'string' },
  'top-p': { type: 'string' },
  plausibility: { type: 'string' },
  coupling: { type: 'string' },
  greedy: { type: 'boolean' },
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
  readonly json: boolean;
  readonly out: string | null;
}

/** Settings within their ranges, to check given ones before any model is loaded. */
const SOUND: SamplingSettings = {
  seed: 0,
  coupling: 'coupled',
  guidanceWeight: 1,
  temperature: 1,
  topK: 0,
  topP: 1,
  plausibility: 0,
  greedy: false,
};

/** `--seed -1` as `--seed=-1`, so that the number is taken for a value and can be checked. */
function joinNegativeValues(args: readonly string[]): string[] {
  const joined: string[] = [];
  for (const arg of args) {
    const option = joined.at(-1);
    if (/^-[\d.]/.test(arg) && option?.startsWith('--') && !option.includes('=')) joined[joined.length - 1] = `${option}=${arg}`;
    else joined.push(arg);
  }
  return joined;
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: joinNegativeValues(args), options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    const quoted = /'([^']*)'/.exec(error instanceof Error ? error.message : '')?.[1] ?? '';
    const code = (error as { code?: string }).code;
    const name = quoted.split(' ')[0] ?? '';
    if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') throw new UsageError(`There is no option ${quoted}; --help lists them.`);
    if (code === 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL') throw new UsageError(`"${quoted}" belongs to no option; --help lists them.`);
    const takesNone = name in options || options[name.replace(/^--/, '') as keyof typeof options]?.type === 'boolean';
    throw new UsageError(takesNone ? `The option ${name} takes no value.` : `The option ${name} needs a value.`);
  }
}

/** Reads the command line. @throws UsageError */
export function readOptions(args: readonly string[]): PairOptions {
  const values = parse(args);
  const number = (text: string | undefined) => (text === undefined ? undefined : text.trim() === '' ? NaN : Number(text));
  const given: { [K in keyof SamplingSettings]: SamplingSettings[K] | undefined } = {
    seed: number(values.seed),
    guidanceWeight: number(values.guidance),
    temperature: number(values.temperature),
    topK: number(values['top-k']),
    topP: number(values['top-p']),
    plausibility: number(values.plausibility),
    coupling: values.coupling as Coupling | undefined,
    greedy: values.greedy,
  };
  const help = values.help ?? false;
  if (!help && (values.a === undefined || values.b === undefined)) throw new UsageError('Both prompts are needed: --a TEXT and --b TEXT.');
  const settings: Partial<SamplingSettings> = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const [problem] = Object.values(checkSettings({ ...SOUND, ...settings }));
  if (problem !== undefined) throw new UsageError(problem);
  return {
    help,
    prompts: { a: values.a ?? '', b: values.b ?? '' },
    model: values.model ?? null,
    settings,
    json: values.json ?? false,
    out: values.out ?? null,
  };
}
