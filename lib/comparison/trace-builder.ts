import type { Pair, StepEvent } from '@/lib/domain';
import type { Trace } from './trace';
import {
  itemsOf,
  type MemberArrays,
  memberArray,
  TRACE_MEMBERS,
  type TraceMembers,
  unknownNumber,
} from './trace-members';

type Full = Required<Trace>;

/**
 * Builds tokens and a trace from the steps of a draw. All arrays have their full length from the start (tokens -1, numbers NaN,
 * ranks 0 where nothing has arrived) and are filled in place; `trace.length` grows with each step.
 */
export class TraceBuilder {
  readonly tokens: Pair<Int32Array>;
  readonly trace: Full;
  readonly #trace: { -readonly [K in keyof Full]: Full[K] };
  readonly #members: readonly (readonly [string, TraceMembers[string], MemberArrays])[];

  constructor(
    readonly steps: number,
    members: TraceMembers = TRACE_MEMBERS,
  ) {
    this.tokens = { a: new Int32Array(steps).fill(-1), b: new Int32Array(steps).fill(-1) };
    this.#members = Object.entries(members).map(([name, member]) => {
      const make = () => memberArray(member, steps);
      return [name, member, member.sides === 'shared' ? make() : { a: make(), b: make() }];
    });
    this.#trace = {
      length: 0,
      precision: 'exact',
      ...(Object.fromEntries(this.#members.map(([name, , arrays]) => [name, arrays])) as Omit<
        Full,
        'length' | 'precision'
      >),
    };
    this.trace = this.#trace;
  }

  /** Adds the next step. @throws RangeError if a step is missing, repeated or past the end. */
  add(event: StepEvent): void {
    const { step, sides } = event;
    if (step !== this.#trace.length || step >= this.steps) {
      throw new RangeError(`Step ${this.#trace.length} of ${this.steps} was expected, not ${step}.`);
    }
    this.tokens.a[step] = sides.a.token;
    this.tokens.b[step] = sides.b.token;
    for (const [name, member, arrays] of this.#members) {
      const sources = member.sides === 'shared' ? [event] : [sides.a, sides.b];
      itemsOf(member, arrays).forEach((array, side) => {
        const value = (sources[side] as unknown as Readonly<Record<string, number | ArrayLike<number>>>)[name]!;
        if (typeof value === 'number') array[step] = value;
        else array.set(value, step * member.entries);
      });
    }
    this.#trace.length = step + 1;
  }

  /** Forgets the steps from `length` on, as if they had not been drawn. */
  truncate(length: number): void {
    this.tokens.a.fill(-1, length);
    this.tokens.b.fill(-1, length);
    for (const [, member, arrays] of this.#members) {
      for (const array of itemsOf(member, arrays)) array.fill(unknownNumber(member), length * member.entries);
    }
    this.#trace.length = Math.min(this.#trace.length, length);
  }
}
