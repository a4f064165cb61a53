import { parseArgs, type ParseArgsConfig } from 'node:util';
import { checkSettings, type Coupling, NEUTRAL_SETTINGS, type SamplingSettings } from '@/lib/domain';

/** A mistake in the command line; its message is one sentence. */
export class UsageError extends Error {}

/** `--seed -1` as `--seed=-1`, so that the number is taken for a value and can be checked. */
function joinNegativeValues(args: readonly string[]): string[] {
  const joined: string[] = [];
  for (const arg of args) {
    const option = joined.at(-1);
    if (/^-[\d.]/.test(arg) && option?.startsWith('--') && !option.includes('='))
      joined[joined.length - 1] = `${option}=${arg}`;
    else joined.push(arg);
  }
  return joined;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Dashes that word processors and slides put in place of two hyphens. */
const LONG_DASH = /^[\u2010-\u2015\u2212\uFE58\uFE63\uFF0D]+-?(?=[a-z])/i;

/** Complains of mistakes that a shell or an npm makes silently. @throws UsageError */
function assertAsTyped(args: readonly string[], names: readonly string[], env: Environment): void {
  const dashed = args.find((arg) => LONG_DASH.test(arg));
  if (dashed !== undefined) {
    throw new UsageError(
      `"${dashed}" begins with a long dash, as slides and word processors write it; type --${dashed.replace(LONG_DASH, '')}.`,
    );
  }
  // Without `--`, npm takes options for its own and passes on their values alone.
  const command = env.npm_lifecycle_event;
  const taken = names.some((name) => name !== 'json' && env[`npm_config_${name.replaceAll('-', '_')}`] !== undefined);
  if (command !== undefined && (taken || args.length > 0) && !args.some((arg) => arg.startsWith('--'))) {
    throw new UsageError(
      `npm took the options for itself: put -- before them, as in npm run -s ${command} -- --${names[0]} ...`,
    );
  }
}

/** The values of a command's options. @throws UsageError */
export function parseCommandLine<const T extends NonNullable<ParseArgsConfig['options']>>(
  args: readonly string[],
  options: T,
  env: Environment = process.env,
) {
  assertAsTyped(args, Object.keys(options), env);
  try {
    return parseArgs({ args: joinNegativeValues(args), options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    const quoted = /'([^']*)'/.exec(error instanceof Error ? error.message : '')?.[1] ?? '';
    const code = (error as { code?: string }).code;
    const name = quoted.split(' ')[0] ?? '';
    if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION')
      throw new UsageError(`There is no option ${quoted}; --help lists them.`);
    if (code === 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL')
      throw new UsageError(`"${quoted}" belongs to no option; --help lists them.`);
    const takesNone = name in options || options[name.replace(/^--/, '')]?.type === 'boolean';
    throw new UsageError(takesNone ? `The option ${name} takes no value.` : `The option ${name} needs a value.`);
  }
}

/** The number that an option was given; NaN for what is none. */
export const numberOf = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : text.trim() === '' ? NaN : Number(text);

export const samplingOptions = {
  seed: { type: 'string' },
  guidance: { type: 'string' },
  temperature: { type: 'string' },
  'top-k': { type: 'string' },
  'top-p': { type: 'string' },
  plausibility: { type: 'string' },
  coupling: { type: 'string' },
  greedy: { type: 'boolean' },
} as const;

type SamplingValues = {
  readonly [K in keyof typeof samplingOptions]?: (K extends 'greedy' ? boolean : string) | undefined;
};

/** The sampling settings that were given; the rest comes from the model. @throws UsageError */
export function readSampling(values: SamplingValues): Partial<SamplingSettings> {
  const given: { [K in keyof SamplingSettings]: SamplingSettings[K] | undefined } = {
    seed: numberOf(values.seed),
    guidanceWeight: numberOf(values.guidance),
    temperature: numberOf(values.temperature),
    topK: numberOf(values['top-k']),
    topP: numberOf(values['top-p']),
    plausibility: numberOf(values.plausibility),
    coupling: values.coupling as Coupling | undefined,
    greedy: values.greedy,
  };
  const settings: Partial<SamplingSettings> = Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined),
  );
  const [problem] = Object.values(checkSettings({ ...NEUTRAL_SETTINGS, ...settings }));
  if (problem !== undefined) throw new UsageError(problem);
  return settings;
}
