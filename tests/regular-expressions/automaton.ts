import { type AST, RegExpParser, visitRegExpAST } from '@eslint-community/regexpp';

/**
 * A regular expression as a matcher tries it: one state for each character of the pattern, and one for what a search passes over before
 * a match. A way from a state to another is a character that the other takes.
 */
export interface Automaton {
  /** Characters, one of each kind that the pattern tells apart. */
  readonly alphabet: readonly string[];
  readonly states: readonly State[];
}

export interface State {
  /** As the pattern has it. */
  readonly raw: string;
  /** Which characters lead here, as places in the alphabet. */
  readonly takes: ReadonlySet<number>;
  /** States that may come next, each with in how many ways. */
  readonly next: ReadonlyMap<number, number>;
  /** Whether the match may end here: at once, or at the end of the text. */
  readonly ends: 'anywhere' | 'at the end' | 'no';
}

/** The state of what a search passes over; those of the pattern's characters follow. */
export const BEFORE = 0;

/** Repetitions up to here are written out; more are as good as any number. */
const MOST_COPIES = 100;

/** Characters of many kinds, beside those that a pattern names itself. */
const SAMPLES = [
  ...Array.from({ length: 128 }, (_, code) => String.fromCharCode(code)),
  ...'éßÿĀſК中ぁアกກកက\u00a0\u00ad\u0301\u180e\u200b\u200d\u2028\u202e\u2066\u20ac\ufe0f\ufeff\ud800\u{1f466}\u{1f3fb}\u{1f1e6}\u{10000}',
];

type Guard = 'start' | 'end';
interface Node {
  readonly steps: { readonly to: Node; readonly guard?: Guard }[];
  /** The state of the character that is taken from here on. */
  take?: { readonly state: number };
}

const node = (): Node => ({ steps: [] });

/** The characters that a pattern names, and their neighbours. */
function namedIn(pattern: AST.Pattern): readonly string[] {
  const named: number[] = [];
  visitRegExpAST(pattern, { onCharacterEnter: ({ value }) => named.push(value - 1, value, value + 1) });
  return named.filter((code) => code >= 0 && code <= 0x10ffff).map((code) => String.fromCodePoint(code));
}

/** Builds nodes so that an element leads from one to another. */
class Builder {
  readonly characters: { readonly raw: string; readonly after: Node }[] = [];

  alternatives(all: readonly AST.Alternative[], from: Node, to: Node): void {
    for (const { elements } of all) {
      let at = node();
      from.steps.push({ to: at });
      for (const element of elements) {
        const next = node();
        this.element(element, at, next);
        at = next;
      }
      at.steps.push({ to });
    }
  }

  private element(element: AST.Element, from: Node, to: Node): void {
    switch (element.type) {
      case 'Character':
      case 'CharacterSet':
      case 'CharacterClass':
      case 'ExpressionCharacterClass':
        return this.character(element.raw, from, to);
      case 'Group':
      case 'CapturingGroup':
        return this.alternatives(element.alternatives, from, to);
      case 'Quantifier':
        return this.repeated(element, from, to);
      case 'Backreference': {
        // What it repeats is not known here: any text.
        const loop = node();
        from.steps.push({ to: loop });
        this.character('[^]', loop, loop);
        loop.steps.push({ to });
        return;
      }
      case 'Assertion':
        if (element.kind === 'start' || element.kind === 'end') from.steps.push({ to, guard: element.kind });
        else from.steps.push({ to });
        // What looks ahead or behind is tried as well, and leads nowhere.
        if (element.kind === 'lookahead' || element.kind === 'lookbehind')
          this.alternatives(element.alternatives, from, node());
    }
  }

  private character(raw: string, from: Node, to: Node): void {
    const start = node();
    from.steps.push({ to: start });
    this.characters.push({ raw, after: to });
    start.take = { state: BEFORE + this.characters.length };
  }

  private repeated({ element, min, max }: AST.Quantifier, from: Node, to: Node): void {
    let at = from;
    const copies = max <= MOST_COPIES ? max : Math.max(1, Math.min(min, MOST_COPIES));
    for (let copy = 0; copy < copies; copy++) {
      if (copy >= min) at.steps.push({ to });
      const [start, end] = [node(), node()];
      at.steps.push({ to: start });
      this.element(element, start, end);
      if (max > MOST_COPIES && copy === copies - 1) end.steps.push({ to: start });
      at = end;
    }
    at.steps.push({ to });
  }
}

/** What can be reached from a node without a character: states, each in how many ways, and whether the end. */
function reach(from: Node, end: Node, isAllowed: () => boolean): Pick<State, 'next' | 'ends'> {
  const next = new Map<number, number>();
  const ends = new Set<State['ends']>();
  const walk = (at: Node, passed: readonly Node[], atEnd: boolean): void => {
    if (at === end) ends.add(atEnd ? 'at the end' : 'anywhere');
    if (at.take && !atEnd) next.set(at.take.state, Math.min(2, (next.get(at.take.state) ?? 0) + 1));
    for (const { to, guard } of at.steps)
      if (!passed.includes(to) && (guard !== 'start' || isAllowed()))
        walk(to, [...passed, to], atEnd || (guard === 'end' && !isAllowed()));
  };
  walk(from, [from], false);
  return { next, ends: ends.has('anywhere') ? 'anywhere' : ends.has('at the end') ? 'at the end' : 'no' };
}

/** The automaton of a search for a pattern. */
export function automatonOf(source: string, flags: string): Automaton {
  const pattern = new RegExpParser().parsePattern(source, undefined, undefined, {
    unicode: flags.includes('u'),
    unicodeSets: flags.includes('v'),
  });
  const builder = new Builder();
  const [start, end] = [node(), node()];
  builder.alternatives(pattern.alternatives, start, end);

  const inner = flags.replace(/[gmy]/g, '');
  const tests = builder.characters.map(({ raw }) => new RegExp(`^(?:${raw})$`, inner));
  const kinds = new Map<string, string>();
  for (const character of new Set([...SAMPLES, ...namedIn(pattern)])) {
    // Without the flag a pattern takes halves of what lies beyond 16 bits.
    if (character.length === 1 || /[uv]/.test(flags))
      kinds.set(tests.map((test) => Number(test.test(character))).join(''), character);
  }
  const alphabet = [...kinds.values()];

  // `^` holds behind something, and something follows `$`, only where lines are told apart.
  const isAllowed = () => flags.includes('m');
  const first = reach(start, end, isAllowed);
  const before: State = {
    raw: 'what comes before',
    // A sticky pattern is not searched for.
    takes: new Set(flags.includes('y') ? [] : alphabet.keys()),
    next: new Map([[BEFORE, 1], ...first.next]),
    ends: first.ends,
  };
  const states = builder.characters.map(({ raw, after }, index): State => {
    const takes = [...alphabet.keys()].filter((kind) => tests[index]!.test(alphabet[kind]!));
    if (takes.length === 0) throw new Error(`${raw} of /${source}/${flags} takes none of the samples.`);
    return { raw, takes: new Set(takes), ...reach(after, end, isAllowed) };
  });
  return { alphabet, states: [before, ...states] };
}
