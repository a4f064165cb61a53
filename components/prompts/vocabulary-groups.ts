import type { Vocabulary } from '@/lib/prompts';

/** A word or phrase that can be put into a prompt. */
export interface Entry {
  /** As shown; `…` stands for the rest of the prompt. */
  readonly label: string;
  /** What a search may also find it by. */
  readonly also: readonly string[];
  /** What goes before the prompt, at the cursor, and after the prompt; null for what has to be typed. */
  readonly insertion: { readonly before: string; readonly at: string; readonly after: string } | null;
}

export interface Group {
  readonly name: string;
  /** What the words go with. */
  readonly hint: string | null;
  readonly entries: readonly Entry[];
}

const word = (label: string, also: readonly string[] = []): Entry => ({
  label,
  also,
  insertion: { before: '', at: label, after: '' },
});

/** A phrasing such as `a line drawing of {}`, `{} in neon` or `with … on its left`. */
const phrasing = (phrase: string, also: readonly string[] = []): Entry => {
  const label = phrase.replace('{}', '…');
  const [before = '', after, ...rest] = label.split('…').map((part) => part.trim());
  if (after === undefined) return word(label, also);
  const isInside = before !== '' && after !== '';
  return { label, also, insertion: isInside || rest.length > 0 ? null : { before, at: '', after } };
};

const phrasings = (phrases: Readonly<Record<string, readonly string[]>>): Entry[] =>
  Object.entries(phrases).flatMap(([name, some]) => some.map((phrase) => phrasing(phrase, [name])));

const NAMED = 6;

/** A few names and how many more there are. */
const some = (names: readonly string[]): string =>
  names.length <= NAMED
    ? names.join(', ')
    : `${names.slice(0, NAMED - 1).join(', ')} and ${names.length - NAMED + 1} more`;

/** What a model knows, in the groups in which a person looks for it; groups that it has nothing of are left out. */
export function vocabularyGroups(vocabulary: Vocabulary): readonly Group[] {
  const { objects, colours, counts, relations, sizes, patterns, accessories, styles, places, joiningWords, sign } =
    vocabulary;
  const things = (keep: (object: Vocabulary['objects'][number]) => boolean): Entry[] =>
    objects
      .filter(keep)
      .flatMap(({ name, plural, synonyms }) => [
        word(name, [plural, ...synonyms]),
        ...synonyms.map((synonym) => word(synonym, [name])),
      ]);
  const patterned = objects.filter(({ takesPattern }) => takesPattern).map(({ plural }) => plural);
  const groups: readonly Group[] = [
    { name: 'Things of any colour', hint: null, entries: things(({ takesColour }) => takesColour) },
    {
      name: 'Animals that wear things',
      hint: 'in their own colours',
      entries: things(({ takesColour, wears }) => wears && !takesColour),
    },
    {
      name: 'Other things',
      hint: 'in their own colours',
      entries: things(({ takesColour, wears }) => !wears && !takesColour),
    },
    {
      name: 'Colours',
      hint: 'of the things of any colour, and of signs',
      entries: colours.map((colour) => word(colour)),
    },
    {
      name: 'Counts',
      hint: 'with a plural',
      entries: counts.map(({ word: name, value }) => word(name, [String(value)])),
    },
    { name: 'Positions', hint: 'of one thing and another', entries: phrasings(relations) },
    { name: 'Sizes', hint: null, entries: phrasings(sizes) },
    { name: 'Patterns', hint: `on ${some(patterned)}`, entries: phrasings(patterns) },
    {
      name: 'To wear',
      hint: 'on animals that wear things',
      entries: accessories.map((name) => word(name.endsWith('s') ? `wearing ${name}` : `wearing a ${name}`)),
    },
    { name: 'Styles', hint: 'of one thing', entries: phrasings(styles) },
    { name: 'Places', hint: null, entries: phrasings(places) },
    {
      name: 'Signs',
      hint: `at most ${sign.maxLetters} letters, A to Z`,
      entries: sign.phrases.map((phrase) => word(phrase, ['text'])),
    },
    { name: 'Between things', hint: null, entries: joiningWords.map((name) => word(name)) },
  ];
  return groups.filter(({ entries }) => entries.length > 0);
}

/** The groups with only what a search asks for, by word, other name or group. */
export function searchGroups(groups: readonly Group[], query: string): readonly Group[] {
  const wanted = query.trim().toLowerCase();
  if (wanted === '') return groups;
  const matches = (text: string) => text.toLowerCase().includes(wanted);
  return groups.flatMap((group) => {
    const entries = matches(group.name)
      ? group.entries
      : group.entries.filter(({ label, also }) => matches(label) || also.some(matches));
    return entries.length === 0 ? [] : [{ ...group, entries }];
  });
}

/** What a model was never taught, in sentences. */
export function limitSentences({ limits, sign }: Vocabulary): readonly string[] {
  return [
    `At most ${limits.maxWords} words, ${limits.maxCount} things of ${limits.maxObjects} kinds in a picture, and ${sign.maxLetters} letters on a sign.`,
    ...limits.untaught.map((what) => `Never taught: ${what}.`),
  ];
}

const spaced = (...parts: readonly string[]): string => parts.filter((part) => part !== '').join(' ');

/** The prompt with an entry put in place of `selection` (UTF-16 offsets), and where the cursor is then. */
export function insertEntry(
  prompt: string,
  selection: { readonly start: number; readonly end: number },
  { before, at, after }: NonNullable<Entry['insertion']>,
): { readonly text: string; readonly cursor: number } {
  if (at === '') {
    const text = spaced(before, prompt.trim(), after);
    return { text, cursor: text.length };
  }
  const head = prompt.slice(0, selection.start).trimEnd();
  const tail = prompt.slice(selection.end).trimStart();
  const start = spaced(head, at);
  // A comma or a full stop stays at its word.
  return { text: /^[,.;:!?]/.test(tail) ? start + tail : spaced(start, tail), cursor: start.length };
}
