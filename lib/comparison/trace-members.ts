import { type Pair, type SideStep, type StepEvent, TOP_COUNT } from '@/lib/domain';

/** A number of each step: how it is kept, named and shown. */
export interface TraceMember {
  /** One number for each side, or one that both share. */
  readonly sides: 'each' | 'shared';
  /** Ranks and tokens are integers, the rest float32. */
  readonly numbers: 'probability' | 'real' | 'rank' | 'token';
  /** Numbers a step. */
  readonly entries: 1 | typeof TOP_COUNT;
  /** Whether links carry it, rounded; files carry every member exactly. */
  readonly inLinks: boolean;
  /** `unit` may be a remark such as `from 1`; empty for none. */
  readonly csv: { readonly heading: string; readonly unit: string };
  readonly distribution: 'sampled' | 'guidance-free';
  /** A row of the inspector. */
  readonly row?: Shown & { readonly unit?: string };
  /** A column of the table of all numbers. */
  readonly column?: Shown;
}

interface Shown {
  readonly name: string;
  readonly explanation: string;
  /** Decimals; ranks have none. */
  readonly digits: number;
  /** A plus sign is shown too. */
  readonly signed?: true;
}

export type TraceMembers = Readonly<Record<string, TraceMember>>;

/** Every number of a step, in the order of files and tables; a row's name is that of the step's field. */
export const TRACE_MEMBERS = {
  probability: {
    sides: 'each',
    numbers: 'probability',
    entries: 1,
    inLinks: false,
    csv: { heading: 'probability', unit: 'after guidance and temperature' },
    distribution: 'sampled',
    column: { name: 'p', explanation: 'Probability as sampled, after guidance and temperature', digits: 3 },
  },
  rank: {
    sides: 'each',
    numbers: 'rank',
    entries: 1,
    inLinks: false,
    csv: { heading: 'rank', unit: 'from 1' },
    distribution: 'sampled',
    row: { name: 'rank', explanation: 'Place of the token among all codes; 1 is the most likely', digits: 0 },
    column: { name: 'rank', explanation: 'Rank as sampled; 1 is the most likely', digits: 0 },
  },
  entropyBits: {
    sides: 'each',
    numbers: 'real',
    entries: 1,
    inLinks: false,
    csv: { heading: 'entropy', unit: 'bits' },
    distribution: 'sampled',
    row: {
      name: 'entropy',
      unit: 'bits',
      explanation: 'How undecided each side was: entropy of the distribution it drew from',
      digits: 2,
    },
    column: { name: 'entropy', explanation: 'Entropy as sampled, bits', digits: 2 },
  },
  margin: {
    sides: 'each',
    numbers: 'real',
    entries: 1,
    inLinks: false,
    csv: { heading: 'margin', unit: 'nats' },
    distribution: 'sampled',
    row: {
      name: 'margin',
      unit: 'nats',
      explanation:
        'Gap between the best and the second-best noisy logit: how near the choice was to another token; ∞ where truncation left one token only',
      digits: 2,
    },
  },
  divergenceBits: {
    sides: 'shared',
    numbers: 'real',
    entries: 1,
    inLinks: false,
    csv: { heading: 'side divergence', unit: 'bits' },
    distribution: 'sampled',
    row: {
      name: 'side divergence',
      unit: 'bits',
      explanation:
        'Jensen-Shannon divergence of the two distributions, each with its own history. After the first split it says little about the prompts',
      digits: 2,
    },
    column: { name: 'side div.', explanation: 'Side divergence as sampled, bits', digits: 3 },
  },
  promptDivergenceBits: {
    sides: 'each',
    numbers: 'real',
    entries: 1,
    inLinks: true,
    csv: { heading: 'prompt divergence along', unit: 'bits' },
    distribution: 'guidance-free',
    row: {
      name: 'prompt divergence',
      unit: 'bits',
      explanation: 'Jensen-Shannon divergence between both prompts on one and the same history: along A, and along B',
      digits: 2,
    },
    column: {
      name: 'prompt div.',
      explanation: 'Prompt divergence, guidance-free, along each side, bits',
      digits: 3,
    },
  },
  crossScoreBits: {
    sides: 'each',
    numbers: 'real',
    entries: 1,
    inLinks: true,
    csv: { heading: 'cross score', unit: 'bits' },
    distribution: 'guidance-free',
    row: {
      name: 'cross score',
      unit: 'bits',
      explanation:
        'log2 of how much likelier the token is under its own prompt than under the other one, on its own history',
      digits: 1,
      signed: true,
    },
    column: { name: 'cross score', explanation: 'Cross score, guidance-free, bits', digits: 2, signed: true },
  },
  topTokens: {
    sides: 'each',
    numbers: 'token',
    entries: TOP_COUNT,
    inLinks: false,
    csv: { heading: 'top token', unit: '' },
    distribution: 'sampled',
  },
  topProbabilities: {
    sides: 'each',
    numbers: 'probability',
    entries: TOP_COUNT,
    inLinks: false,
    csv: { heading: 'top probability', unit: '' },
    distribution: 'sampled',
  },
} as const satisfies Readonly<Partial<Record<keyof SideStep | keyof StepEvent, TraceMember>>>;

type Table = typeof TRACE_MEMBERS;
type Integral = 'rank' | 'token';

/** A value for each member of the table: one `Whole` or `Real` array a side, or one for both. */
export type ByMember<Whole, Real> = {
  -readonly [Name in keyof Table]: Table[Name]['sides'] extends 'shared'
    ? Table[Name]['numbers'] extends Integral
      ? Whole
      : Real
    : Pair<Table[Name]['numbers'] extends Integral ? Whole : Real>;
};

export type MemberArray = Float32Array | Int32Array;
export type MemberArrays = MemberArray | Pair<MemberArray>;

/** Maps each side's item, or the one that both sides share. */
export const mapSides = <T, U>(
  { sides }: Pick<TraceMember, 'sides'>,
  value: T | Pair<T>,
  map: (item: T) => U,
): U | Pair<U> => {
  if (sides === 'shared') return map(value as T);
  const { a, b } = value as Pair<T>;
  return { a: map(a), b: map(b) };
};

/** Each side's item, or the one that both sides share. */
export const itemsOf = <T>({ sides }: Pick<TraceMember, 'sides'>, value: T | Pair<T>): readonly T[] =>
  sides === 'shared' ? [value as T] : [(value as Pair<T>).a, (value as Pair<T>).b];

export const isIntegral = ({ numbers }: Pick<TraceMember, 'numbers'>): boolean =>
  numbers === 'rank' || numbers === 'token';

/** What stands where nothing has arrived: -1 for tokens, 0 for ranks, else NaN. */
export const unknownNumber = ({ numbers }: Pick<TraceMember, 'numbers'>): number =>
  numbers === 'token' ? -1 : numbers === 'rank' ? 0 : NaN;

/** An array for `steps` steps in which nothing is known yet. */
export const memberArray = (member: TraceMember, steps: number): MemberArray => {
  const length = steps * member.entries;
  return (isIntegral(member) ? new Int32Array(length) : new Float32Array(length)).fill(unknownNumber(member));
};

/** What the trace holds of a member; undefined where its numbers are not known. */
export const arraysOf = (trace: object, name: string): MemberArrays | undefined =>
  (trace as Readonly<Record<string, MemberArrays | undefined>>)[name];
