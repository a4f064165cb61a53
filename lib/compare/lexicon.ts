/** What kind of thing a word of a prompt says, as far as it is needed to name an edit. */
export type Subject = 'colour' | 'count' | 'object' | 'position' | 'style' | 'appearance' | 'word';

const set = (words: string): ReadonlySet<string> => new Set(words.split(/\s+/));

const colours = set(`red orange yellow green blue purple pink brown black white grey gray cyan magenta violet indigo
  turquoise teal gold golden silver beige maroon navy crimson scarlet lime olive lavender tan cream coral`);

const styles = set(`photo photograph painting watercolor watercolour sketch drawing cartoon illustration render engraving
  mosaic poster anime impressionist cubist surrealist minimalist realistic photorealistic pixel pencil charcoal ink oil
  vintage retro futuristic gothic baroque noir monochrome flat outline outlined neon sepia plain`);

const appearances = set(`big small large little huge tiny tall short long thin thick wide narrow old new young round square
  wooden metal metallic plastic glass stone leather shiny matte glossy smooth rough soft hard striped spotted dotted
  checkered patterned transparent fluffy furry dark bright light pale broken clean dirty empty full open closed`);

const objects = set(`apple orange banana pear cherry lemon strawberry grape tomato carrot pumpkin mushroom bread cake cookie
  pizza egg cup mug glass bottle plate bowl fork knife spoon pot kettle chair table sofa bed lamp clock book box bag gift
  ball balloon kite star heart moon sun cloud tree flower leaf house door window car bus truck train bicycle bike boat
  ship plane airplane rocket cat dog bird fish horse cow sheep pig rabbit mouse bear lion tiger elephant fox frog snake
  butterfly bee man woman boy girl person child hat shirt shoe key umbrella guitar piano phone laptop computer camera
  sign robot drum bell candle crown diamond circle triangle ring anchor hammer scissors pencil pen vase teapot sword`);

/** Longest first, so that `to the left of` is not read as `left of`. */
const positionPhrases: readonly (readonly string[])[] = [
  'on the left side of', 'on the right side of', 'to the left of', 'to the right of', 'on the left of', 'on the right of',
  'at the top of', 'at the bottom of', 'in the middle of', 'in front of', 'on top of', 'left of', 'right of', 'next to',
  'close to', 'far from', 'above', 'below', 'under', 'underneath', 'beneath', 'over', 'behind', 'beside', 'inside',
  'outside', 'near', 'between', 'around', 'against', 'on', 'in', 'left', 'right',
].map((phrase) => phrase.split(' '));

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

/** How many words from `index` on make a position, 0 for none. */
export const positionLength = (words: readonly string[], index: number): number => {
  const phrase = positionPhrases.find((candidate) => candidate.every((word, offset) => words[index + offset] === word));
  return phrase?.length ?? 0;
};

const irregularPlurals: Readonly<Record<string, string>> = {
  man: 'men', woman: 'women', child: 'children', person: 'people', mouse: 'mice', goose: 'geese', foot: 'feet',
  tooth: 'teeth', ox: 'oxen',
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
export const differInAgreement = (a: string, b: string): boolean => agreements.has(`${a} ${b}`) || agreements.has(`${b} ${a}`);

const namedObjects = new Set([...objects].flatMap((object) => [object, ...pluralsOf(object)]));

/** What a single word or position phrase says; `word` if it is in no list. */
export const subjectOf = (text: string, isPosition: boolean): Subject => {
  if (isPosition) return 'position';
  if (colours.has(text)) return 'colour';
  if (isCount(text)) return 'count';
  if (namedObjects.has(text)) return 'object';
  if (styles.has(text)) return 'style';
  if (appearances.has(text)) return 'appearance';
  return 'word';
};
