/** What kind of thing a word of a prompt says, as far as it is needed to name an edit. */
export type Subject =
  | 'colour'
  | 'count'
  | 'object'
  | 'accessory'
  | 'position'
  | 'style'
  /** Where or when: PairComp counts it among style and tone. */
  | 'place'
  | 'size'
  | 'pattern'
  | 'appearance'
  | 'word';

const set = (words: string): ReadonlySet<string> => new Set(words.split(/\s+/));

const colours = set(`red orange yellow green blue purple pink brown black white grey gray cyan magenta violet indigo
  turquoise teal gold golden silver beige maroon navy crimson scarlet lime olive lavender tan cream coral`);

const styles =
  set(`photo photograph painting watercolor watercolour sketch drawing cartoon illustration render engraving
  mosaic poster anime impressionist cubist surrealist minimalist realistic photorealistic pixel pencil charcoal ink oil
  vintage retro futuristic gothic baroque noir monochrome flat outline outlined neon sepia chalk 3d picture image`);

const places =
  set(`beach meadow forest desert jungle sunset sunrise dawn dusk night midnight noon daylight winter summer autumn
  spring snow rain fog space underwater`);

const sizes = set(`big small large little huge tiny giant miniature enormous medium tall short`);

const patterns = set(`striped spotted dotted checkered patterned plain stripes dots`);

const accessories = set(`hat crown glasses sunglasses bow tie helmet necklace earrings mask`);

const appearances = set(`long thin thick wide narrow old new young round square
  wooden metal metallic plastic glass stone leather shiny matte glossy smooth rough soft hard transparent fluffy furry dark bright light pale broken clean dirty empty full open closed`);

const objects =
  set(`apple orange banana pear cherry lemon strawberry grape tomato carrot pumpkin mushroom bread cake cookie
  pizza egg cup mug glass bottle plate bowl fork knife spoon pot kettle chair table sofa bed lamp clock book box bag gift
  ball balloon kite star heart moon sun cloud tree flower leaf house door window car bus truck train bicycle bike boat
  ship plane airplane rocket cat dog bird fish horse cow sheep pig rabbit mouse bear lion tiger elephant fox frog snake
  butterfly bee man woman boy girl person child shirt shoe key umbrella guitar piano phone laptop computer camera
  sign robot drum bell candle diamond circle triangle ring anchor hammer scissors pencil pen vase teapot sword
  tulip rose backpack handbag dress glove scarf gem whale dolphin turtle crab octopus dinosaur bucket cap telephone lock panda koala
  monkey wolf owl penguin duck unicorn ladybug ladybird snowman skull alien sunflower palm rainbow snowflake fire flame broccoli
  pineapple watermelon donut doughnut cheese trophy football castle tent cactus burger hamburger ufo present bunny`);

/** Longest first, so that `to the left of` is not read as `left of`. */
const positionPhrases: readonly (readonly string[])[] = [
  'on the left side of',
  'on the right side of',
  'to the left of',
  'to the right of',
  'on the left of',
  'on the right of',
  'at the top of',
  'at the bottom of',
  'in the middle of',
  'in front of',
  'on top of',
  'left of',
  'right of',
  'next to',
  'close to',
  'far from',
  'above',
  'below',
  'under',
  'underneath',
  'beneath',
  'over',
  'behind',
  'beside',
  'inside',
  'outside',
  'near',
  'between',
  'around',
  'against',
  'on',
  'in',
  'left',
  'right',
].map((phrase) => phrase.split(' '));

/** Positions, styles and places of several words, so that `a line drawing` differs from `a chalk drawing` in one word. */
const phrases: readonly (readonly [words: readonly string[], subject: Subject])[] = (
  [
    [
      'style',
      `line drawing|flat drawing|chalk drawing|neon drawing|pencil drawing|neon sign of|pixel art style|pixel art|flat style|line art|
      black and white|drawn in chalk|in pixel art style|in pixel art|in flat style|in black and white|in sepia|in neon|in 3d|
      as a line drawing|oil painting|comic book style`,
    ],
    [
      'place',
      `on the grass|on grass|in the grass|in a meadow|on the beach|at the beach|on a beach|in the snow|in snow|in space|
      in outer space|at sunset|at sunrise|at night|at dawn|at dusk|at noon|in the rain|in the fog|in a forest|in the forest|in the desert|
      in the city|in the mountains|under water|by the sea|in winter|in summer|in autumn|in spring`,
    ],
  ] as const
)
  .flatMap(([subject, list]): (readonly [readonly string[], Subject])[] =>
    list.split('|').map((phrase) => [phrase.trim().split(' '), subject]),
  )
  .concat(positionPhrases.map((phrase) => [phrase, 'position']))
  // Longest first, so that `on the grass` is not read as `on`.
  .sort(([a], [b]) => b.length - a.length);

/** By their first word, each list longest first. */
const phrasesBy = new Map<string, (typeof phrases)[number][]>();
for (const phrase of phrases) {
  const first = phrase[0][0] ?? '';
  phrasesBy.set(first, [...(phrasesBy.get(first) ?? []), phrase]);
}

const numerals = new Map<string, number>(
  ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve'].map(
    (word, value) => [word, value],
  ),
);
const vagueCounts = set('some many few several both multiple numerous');
const negations = set('no not without never none nothing neither nor');

export const isArticle = (word: string): boolean => word === 'a' || word === 'an';

/** Whether a word says how many: a numeral, digits, an article (one), or a vague count. */
export const isCount = (word: string): boolean =>
  isArticle(word) || numerals.has(word) || /^\d{1,6}$/.test(word) || vagueCounts.has(word);

export const isNegation = (word: string): boolean => negations.has(word) || /n['’]t$/.test(word);

/** The position, style or place that the words from `index` on make together, and of how many words; null for none. */
export const phraseAt = (
  words: readonly string[],
  index: number,
): { readonly length: number; readonly subject: Subject } | null => {
  const found = phrasesBy
    .get(words[index] ?? '')
    ?.find(([phrase]) => phrase.every((word, offset) => words[index + offset] === word));
  return found === undefined ? null : { length: found[0].length, subject: found[1] };
};

const irregularPlurals: Readonly<Record<string, string>> = {
  man: 'men',
  woman: 'women',
  child: 'children',
  person: 'people',
  mouse: 'mice',
  goose: 'geese',
  foot: 'feet',
  tooth: 'teeth',
  ox: 'oxen',
  cactus: 'cacti',
  snowman: 'snowmen',
};

const pluralsOf = (word: string): readonly string[] => [
  ...(Object.hasOwn(irregularPlurals, word) ? [irregularPlurals[word] ?? ''] : []),
  `${word}s`,
  ...(/(?:s|x|z|ch|sh|o)$/.test(word) ? [`${word}es`] : []),
  ...(/[^aeiou]y$/.test(word) ? [`${word.slice(0, -1)}ies`] : []),
  ...(/fe?$/.test(word) ? [`${word.replace(/fe?$/, '')}ves`] : []),
];

/** Whether one word is the plural of the other. */
export const differInNumber = (a: string, b: string): boolean =>
  a.length < 40 && b.length < 40 && (pluralsOf(a).includes(b) || pluralsOf(b).includes(a));

const agreements = new Set(['is are', 'was were', 'has have', 'this these', 'that those', 'it they', 'its their']);

/** Whether two words differ only to agree with singular or plural: is and are. */
export const differInAgreement = (a: string, b: string): boolean =>
  agreements.has(`${a} ${b}`) || agreements.has(`${b} ${a}`);

const namedObjects = new Set([...objects].flatMap((object) => [object, ...pluralsOf(object)]));

/** What a single word says; `word` if it is in no list. */
export const subjectOf = (text: string): Subject => {
  if (colours.has(text)) return 'colour';
  if (isCount(text)) return 'count';
  // Before the objects: glasses are worn more often than they are drunk from.
  if (accessories.has(text)) return 'accessory';
  if (namedObjects.has(text)) return 'object';
  if (sizes.has(text)) return 'size';
  if (patterns.has(text)) return 'pattern';
  if (places.has(text)) return 'place';
  if (styles.has(text)) return 'style';
  if (appearances.has(text)) return 'appearance';
  return 'word';
};
