import { ModelError } from '@/lib/domain';
import * as z from '@/lib/schema';

/** What a prompt can say of a scene, beside which objects are in it. */
export const ASPECTS = [
  'colour',
  'size',
  'pattern',
  'accessory',
  'without',
  'count',
  'relation',
  'style',
  'place',
  'text',
] as const;
export type Aspect = (typeof ASPECTS)[number];

const words = z.array(z.string());
/** Phrasings by what they say. */
const phrasings = z.record(z.string(), words);
const count = z.number().check(z.int(), z.gte(0));

const vocabularySchema = z.object({
  objects: z.array(
    z.object({
      name: z.string().check(z.minLength(1)),
      plural: z.string().check(z.minLength(1)),
      synonyms: words,
      takesColour: z.boolean(),
      takesPattern: z._default(z.boolean(), false),
      wears: z._default(z.boolean(), false),
    }),
  ),
  colours: words,
  counts: z.array(z.object({ word: z.string(), value: count })),
  relations: phrasings,
  sizes: phrasings,
  patterns: z._default(phrasings, {}),
  accessories: z._default(words, []),
  styles: z._default(phrasings, {}),
  places: z._default(phrasings, {}),
  joiningWords: words,
  sign: z.object({ phrases: words, maxLetters: count }),
  limits: z.object({ maxWords: count, maxCount: count, maxObjects: count, untaught: z._default(words, []) }),
  taught: z._default(z.array(z.object({ objects: count, aspects: z.array(z.enum(ASPECTS)) })), []),
});

/** `vocabulary.json`: what a person may type, and what the model was never taught (docs/model-layout.md, "Vocabulary"). */
export type Vocabulary = z.infer<typeof vocabularySchema>;
export type VocabularyObject = Vocabulary['objects'][number];

/** Reads `vocabulary.json`; throws `model-damaged` when it is not one. */
export function parseVocabulary(bytes: Uint8Array): Vocabulary {
  const parsed = z.parseJson(bytes, vocabularySchema);
  if (!parsed.ok) throw new ModelError('model-damaged', { file: 'vocabulary.json', detail: parsed.error.reason });
  return parsed.value;
}

/** The plural of a regular noun. */
export const regularPlural = (word: string): string =>
  /[^aeiou]y$/.test(word) ? `${word.slice(0, -1)}ies` : /(?:s|x|z|ch|sh)$/.test(word) ? `${word}es` : `${word}s`;
