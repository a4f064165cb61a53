import { type Automaton, automatonOf, BEFORE } from './automaton';

/** A text that takes a matcher more than linear time: so many times `pump`, and then something that does not fit. */
export interface Slowness {
  readonly growth: 'exponential' | 'polynomial';
  readonly pump: string;
  /** The parts of the pattern among which the matcher shares the text out in ever new ways. */
  readonly between: readonly [string, string];
}

/** Walks through several copies of the automaton that take the same characters; the shortest text from one tuple of states to another. */
function textBetween(
  { alphabet, states }: Automaton,
  from: readonly number[],
  isGoal: (tuple: readonly number[], ambiguous: boolean) => boolean,
  isBarred: (state: number, copy: number) => boolean,
): string | null {
  const seen = new Set<string>();
  let edge: { readonly tuple: readonly number[]; readonly ambiguous: boolean; readonly text: string }[] = [
    { tuple: from, ambiguous: false, text: '' },
  ];
  while (edge.length > 0) {
    const further: typeof edge = [];
    for (const { tuple, ambiguous, text } of edge) {
      for (const [kind, character] of alphabet.entries()) {
        const choices = tuple.map((state, copy) =>
          [...states[state]!.next].filter(([to]) => states[to]!.takes.has(kind) && !isBarred(to, copy)),
        );
        const tuples = choices.reduce<{ readonly to: readonly number[]; readonly ways: number }[]>(
          (before, choice) =>
            before.flatMap(({ to, ways }) =>
              choice.map(([state, more]) => ({ to: [...to, state], ways: Math.max(ways, more) })),
            ),
          [{ to: [], ways: 1 }],
        );
        for (const { to, ways } of tuples) {
          const split = ambiguous || ways > 1 || to.some((state) => state !== to[0]);
          const key = `${to.join()} ${split}`;
          if (seen.has(key)) continue;
          seen.add(key);
          if (isGoal(to, split)) return text + character;
          further.push({ tuple: to, ambiguous: split, text: text + character });
        }
      }
    }
    edge = further;
  }
  return null;
}

/** Whether whatever follows is matched from a state on: a matcher never turns back there. */
function isUniversal({ alphabet, states }: Automaton, state: number): boolean {
  const seen = new Set<string>();
  const waiting: (readonly number[])[] = [[state]];
  for (const set of waiting) {
    const key = set.join();
    if (seen.has(key) || set.some((each) => states[each]!.ends === 'anywhere')) continue;
    seen.add(key);
    if (!set.some((each) => states[each]!.ends === 'at the end')) return false;
    for (const kind of alphabet.keys()) {
      const next = new Set(
        set.flatMap((each) => [...states[each]!.next.keys()].filter((to) => states[to]!.takes.has(kind))),
      );
      waiting.push([...next].sort((one, other) => one - other));
    }
  }
  return true;
}

/**
 * Whether a backtracking matcher can be made to take more than linear time in a search; null where it cannot. A pattern is slow where a text
 * leads from a repeated part to itself in two ways (exponential), or from one repeated part to itself, to another, and from that to itself
 * (polynomial), and what follows may then fail. What can end a match at once is passed by: there a matcher need not turn back.
 */
export function slownessOf(source: string, flags: string): Slowness | null {
  const automaton = automatonOf(source, flags);
  const { states } = automaton;
  const fails = states.map(({ ends }, state) => ends !== 'anywhere' && !isUniversal(automaton, state));
  const loops = [...states.keys()].filter(
    (state) =>
      textBetween(
        automaton,
        [state],
        ([to]) => to === state,
        () => false,
      ) !== null,
  );

  for (const state of loops.filter((each) => each !== BEFORE && fails[each])) {
    const pump = textBetween(
      automaton,
      [state, state],
      (to, split) => split && to.every((each) => each === state),
      (to) => !fails[to],
    );
    if (pump !== null) return { growth: 'exponential', pump, between: [states[state]!.raw, states[state]!.raw] };
  }
  for (const one of loops) {
    for (const other of loops.filter((each) => each !== one && fails[each])) {
      const goal = [one, other, other].join();
      const pump = textBetween(
        automaton,
        [one, one, other],
        (to) => to.join() === goal,
        (to, copy) => copy === 2 && !fails[to],
      );
      if (pump !== null) return { growth: 'polynomial', pump, between: [states[one]!.raw, states[other]!.raw] };
    }
  }
  return null;
}
