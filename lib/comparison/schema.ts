import type { Pair } from '@/lib/domain';
import * as z from '@/lib/schema';
import { LIMITS } from './format-v1';
import { type ByMember, itemsOf, TRACE_MEMBERS, type TraceMember, type TraceMembers } from './trace-members';

/** Numbers that JSON cannot hold: null is NaN (not known). */
export type JsonNumber = number | null | 'Infinity' | '-Infinity';

const sides = ['a', 'b'] as const;

const isNumber = (item: unknown): boolean =>
  item === null || item === 'Infinity' || item === '-Infinity' || (typeof item === 'number' && Number.isFinite(item));

/** An array whose first bad item is named by its index; arrays are long, so checking stops there. */
const list = <T>(isItem: (item: unknown) => boolean, problem: string) =>
  z.pipe(
    z.array(z.unknown(), { error: 'is not an array' }).check(
      z.superRefine((items, context) => {
        const index = items.findIndex((item) => !isItem(item));
        // Not continued: what else is checked, of the whole comparison, may then rely on the items.
        if (index >= 0) context.addIssue({ code: 'custom', path: [index], message: problem, continue: false });
      }),
    ),
    z.transform((items) => items as T[]),
  );

const pair = <T extends z.ZodMiniType>(item: T) =>
  z.object({ a: item, b: item }, { error: 'is not an object with a and b' });

const numbers = list<JsonNumber>(isNumber, 'is not a number or null');
const probabilities = list<JsonNumber>(
  (item) => item === null || (typeof item === 'number' && item >= 0 && item <= 1 + 1e-5),
  'is not a probability (0 to 1) or null',
);
const integers = (lowest: number, problem: string) =>
  list<number>(
    (item) => typeof item === 'number' && Number.isInteger(item) && item >= lowest && item <= 0x7fffffff,
    problem,
  );
const codes = integers(0, 'is not a token (an integer of 0 or more)');

const integer = (lowest: number, highest: number) => {
  const error = `is not an integer from ${lowest} to ${highest}`;
  return z.number({ error }).check(z.int({ error }), z.gte(lowest, { error }), z.lte(highest, { error }));
};
const real = (isGood: (value: number) => boolean, error: string) =>
  z.number({ error }).check(z.refine((value) => Number.isFinite(value) && isGood(Math.fround(value)), { error }));
const name = (what: string) => {
  const error = `is not ${what} of 1 to ${LIMITS.nameCharacters} characters`;
  return z.string({ error }).check(z.minLength(1, { error }), z.maxLength(LIMITS.nameCharacters, { error }));
};
const prompt = z.string({ error: 'is not text' }).check(
  z.maxLength(Math.floor(LIMITS.promptBytes / 3), {
    error: `is longer than ${Math.floor(LIMITS.promptBytes / 3)} characters`,
  }),
);
const flag = z.boolean({ error: 'is not true or false' });

const withinSingle = (value: number): boolean => Math.abs(value) <= 1e6;

const object = { error: 'is missing or not an object' };

/** Lists of a member's numbers, by what they are. */
const listOf: Readonly<Record<TraceMember['numbers'], z.ZodMiniType>> = {
  probability: probabilities,
  real: numbers,
  rank: integers(1, 'is not a rank (an integer of 1 or more)'),
  token: codes,
};

type PlainTrace = { precision: 'exact' | 'rounded' } & Partial<ByMember<number[], JsonNumber[]>>;

/** The trace as plain values: its precision, and the members that are known. */
export const traceSchemaOf = (members: TraceMembers): z.ZodMiniType<PlainTrace> =>
  z.object(
    {
      precision: z.enum(['exact', 'rounded'], { error: 'is neither “exact” nor “rounded”' }),
      ...Object.fromEntries(
        Object.entries(members).map(([name, { sides, numbers: kind }]) => [
          name,
          z.optional(sides === 'shared' ? listOf[kind] : pair(listOf[kind])),
        ]),
      ),
    },
    object,
  );

const shape = z.object(
  {
    model: z.object(
      {
        name: name('a model name'),
        hash: z
          .string({ error: 'is not a model hash' })
          .check(z.regex(/^[0-9a-f]{16}$/, { error: 'is not 16 lower-case hexadecimal digits' })),
      },
      object,
    ),
    prompts: pair(prompt),
    settings: z.object(
      {
        seed: integer(0, 0xffffffff),
        coupling: z.enum(['coupled', 'independent'], { error: 'is neither “coupled” nor “independent”' }),
        guidanceWeight: real(withinSingle, 'is not a number between -1,000,000 and 1,000,000'),
        temperature: real((value) => value > 0 && withinSingle(value), 'is not a number above 0'),
        topK: integer(0, LIMITS.codes),
        topP: real((value) => value > 0 && value <= 1, 'is not a number above 0 and up to 1'),
        plausibility: real((value) => value >= 0 && value <= 1, 'is not a number from 0 to 1'),
        greedy: flag,
      },
      object,
    ),
    grid: z.object({ rows: integer(1, LIMITS.rows), columns: integer(1, LIMITS.columns) }, object),
    codes: integer(2, LIMITS.codes),
    tokens: pair(codes),
    trace: traceSchemaOf(TRACE_MEMBERS),
    provenance: z.object(
      {
        executionProvider: z.enum(['webgpu', 'wasm'], { error: 'is neither “webgpu” nor “wasm”' }),
        weightType: name('a weight type'),
        runtime: name('a runtime'),
        lanes: integer(1, LIMITS.lanes),
        adapter: z.union([name('an adapter name'), z.null()], { error: 'is not an adapter name or null' }),
      },
      object,
    ),
  },
  { error: 'is not an object' },
);

/**
 * A comparison as plain JSON values: tokens and numbers of the steps drawn so far, trace members absent when
 * not known. Each issue's message completes a sentence that begins with its path.
 */
export const comparisonSchema = shape.check(
  z.superRefine((plain, context) => {
    const bad = (path: (string | number)[], message: string): void =>
      context.addIssue({ code: 'custom', path, message });
    const { a, b } = plain.tokens;
    const cells = plain.grid.rows * plain.grid.columns;
    if (a.length === 0) bad(['tokens', 'a'], 'is empty: nothing was drawn');
    else if (a.length > cells) bad(['tokens', 'a'], `has ${a.length} tokens, but the grid has ${cells} cells`);
    else if (b.length !== a.length) bad(['tokens', 'b'], `has ${b.length} tokens, but A has ${a.length}`);
    const known = Object.entries<TraceMember>(TRACE_MEMBERS).flatMap(([name, member]) => {
      const value = (plain.trace as unknown as Readonly<Record<string, JsonNumber[] | Pair<JsonNumber[]> | undefined>>)[
        name
      ];
      if (value === undefined) return [];
      const paths = member.sides === 'shared' ? [['trace', name]] : sides.map((side) => ['trace', name, side]);
      return itemsOf(member, value).map((items, i) => ({ member, path: paths[i]!, items }));
    });
    for (const side of sides) {
      const ofSide = known.filter(({ member, path }) => member.numbers === 'token' && path.at(-1) === side);
      for (const [path, tokens] of [
        [['tokens', side], plain.tokens[side]],
        ...ofSide.map(({ path, items }) => [path, items as number[]] as const),
      ] as const) {
        const index = tokens.findIndex((token) => token >= plain.codes);
        if (index >= 0)
          bad(
            [...path, index],
            `is ${tokens[index]}, but the codebook has ${plain.codes} codes (0 to ${plain.codes - 1})`,
          );
      }
    }
    for (const { member, path, items } of known) {
      const expected = a.length * member.entries;
      if (items.length !== expected) bad(path, `has ${items.length} numbers instead of ${expected}`);
    }
  }),
);

export type PlainComparison = z.output<typeof comparisonSchema>;
