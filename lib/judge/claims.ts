import { type CaptionToken, captionTokens } from './caption-tokens';
import type { JudgeLabels, JudgeVocabulary } from './labels';

/** Copies of one object; null is what the caption leaves open. Patterns and accessories are never left open. */
export interface Group {
  readonly name: string;
  readonly count: number;
  readonly colour: string | null;
  readonly size: string | null;
  readonly pattern: string;
  readonly accessory: string;
}

/** Every piece of one group is <relation> every piece of another. */
export type Relation = readonly [first: number, relation: string, second: number];

/** Exactly these objects or this sign, and nothing else, in this style and place. */
export interface Claim {
  readonly groups: readonly Group[];
  readonly relations: readonly Relation[];
  readonly text: string | null;
  readonly signColour: string | null;
  readonly style: string;
  readonly place: string | null;
}

/** A caption as a judge reads it, or what of it cannot be read, in a sentence. */
export type Reading = { readonly claim: Claim } | { readonly unreadable: string };

/** Ends the reading of a caption that cannot be judged; the message says what could not be read. */
class UnreadableCaption extends Error {
  override readonly name = 'UnreadableCaption';
}

type Table = keyof JudgeVocabulary;
interface Phrase<Meaning> {
  readonly words: readonly string[];
  readonly meaning: Meaning;
}

const OPPOSITE: Readonly<Record<string, string>> = { left: 'right', right: 'left', above: 'below', below: 'above' };

/** Phrases of a table, longest first; a list's phrases mean themselves. */
function phrasesOf<Meaning>(table: Readonly<Record<string, Meaning>> | readonly string[]): Phrase<Meaning>[] {
  const entries = Array.isArray(table)
    ? table.map((phrase: string) => [phrase, phrase] as const)
    : Object.entries(table);
  return entries
    .map(([phrase, meaning]) => ({ words: phrase.split(' '), meaning: meaning as Meaning }))
    .sort((a, b) => b.words.length - a.words.length);
}

/** Reads captions exactly: the phrasings that the model was trained on, and what people type in their place. */
export class ClaimParser {
  readonly #phrases: ReadonlyMap<Table, readonly Phrase<unknown>[]>;
  readonly #colourable: ReadonlySet<string>;
  readonly #maxLetters: number;

  constructor({ vocabulary, sign }: Pick<JudgeLabels, 'vocabulary' | 'sign'>) {
    this.#phrases = new Map(
      Object.entries(vocabulary).map(([name, table]) => [
        name as Table,
        phrasesOf<unknown>(table as Record<string, unknown> | string[]),
      ]),
    );
    this.#colourable = new Set(vocabulary.colourable);
    this.#maxLetters = sign.maxLetters;
  }

  read(caption: string): Reading {
    try {
      return { claim: this.#parse(caption) };
    } catch (error) {
      if (error instanceof UnreadableCaption) return { unreadable: error.message };
      throw error;
    }
  }

  #parse(caption: string): Claim {
    const { tokens, style, place } = this.#frame(captionTokens(caption));
    if (tokens.length === 0) throw new UnreadableCaption('It names nothing to look for.');
    if (style !== null && style !== '3d' && place !== null) {
      throw new UnreadableCaption('Places are judged in the plain style only.');
    }
    const reader = new Reader(tokens, (table) => this.#phrases.get(table) ?? []);
    const empty = { groups: [], relations: [], text: null, signColour: null, style: style ?? '3d', place };
    const sign = this.#sign(reader);
    if (sign) {
      if (!reader.done) throw new UnreadableCaption(`A sign stands alone; ${reader.rest()} follows it.`);
      return { ...empty, ...sign };
    }
    return { ...empty, ...this.#objects(reader) };
  }

  /** Takes frames, styles and places off both ends. */
  #frame(all: CaptionToken[]): { tokens: CaptionToken[]; style: string | null; place: string | null } {
    let tokens = all;
    const styles = new Set<string>();
    const places = new Set<string>();
    const matches = ({ words }: Phrase<unknown>, start: number) => words.every((word, i) => tokens[start + i] === word);
    const lead = (table: Table) => this.#phrases.get(table)?.find((phrase) => matches(phrase, 0));
    const tail = (table: Table) =>
      this.#phrases
        .get(table)
        ?.find((phrase) => tokens.length > phrase.words.length && matches(phrase, tokens.length - phrase.words.length));
    for (;;) {
      let found: Phrase<unknown> | undefined;
      if ((found = lead('before'))) {
        tokens = tokens.slice(found.words.length);
        if (found.meaning !== null) styles.add(found.meaning as string);
      } else if ((found = lead('places'))) {
        tokens = tokens.slice(found.words.length);
        places.add(found.meaning as string);
      } else if ((found = tail('after'))) {
        tokens = tokens.slice(0, -found.words.length);
        styles.add(found.meaning as string);
      } else if ((found = tail('places'))) {
        tokens = tokens.slice(0, -found.words.length);
        places.add(found.meaning as string);
      } else break;
    }
    if (styles.size > 1 || places.size > 1) throw new UnreadableCaption('It names two styles or two places.');
    return { tokens, style: [...styles][0] ?? null, place: [...places][0] ?? null };
  }

  /** The letters and colour of a sign, if the caption is about one. */
  #sign(reader: Reader): Pick<Claim, 'text' | 'signColour'> | null {
    const start = reader.at;
    reader.words('a', 'an', 'the', 'one');
    const signColour = reader.phrase<string>('colours');
    const here = reader.tokens[reader.at];
    if (typeof here === 'object' && reader.tokens.length === reader.at + 2 && reader.tokens[reader.at + 1] === 'sign') {
      reader.tokens.splice(reader.at, 2, 'sign', here); // a "STOP" sign
    }
    if (!reader.words('sign')) {
      reader.at = start;
      return null;
    }
    reader.phrase('says');
    const token = reader.tokens[reader.at++];
    if (token === undefined) throw new UnreadableCaption('It does not say what is on the sign.');
    const text = (typeof token === 'object' ? token.quoted : token).trim().toUpperCase();
    if (reader.words('on')) reader.words('it');
    if (!/^[A-Z]+$/.test(text) || text.length > this.#maxLetters) {
      throw new UnreadableCaption(`A sign carries one to ${this.#maxLetters} letters from A to Z, not "${text}".`);
    }
    return { text, signColour };
  }

  /** [article] [number] [size, pattern, colour in any order] noun [wearing something]. */
  #nounPhrase(reader: Reader): Group {
    let number = reader.phrase<number>('numbers');
    const article = number === null && reader.words('a', 'an', 'the');
    number ??= reader.phrase<number>('numbers');
    const said: { colour?: string; size?: string; pattern?: string } = {};
    const kinds = [
      ['colour', 'colours'],
      ['size', 'sizes'],
      ['pattern', 'patterns'],
    ] as const;
    for (let more = true; more;) {
      more = false;
      for (const [kind, table] of kinds) {
        const word = reader.phrase<string>(table);
        if (word === null) continue;
        if (said[kind] !== undefined) throw new UnreadableCaption(`It gives one thing two ${kind}s.`);
        said[kind] = word;
        more = true;
      }
    }
    let name = reader.phrase<string>('singular');
    if (name === null) {
      name = reader.phrase<string>('plural');
      if (name === null) throw new UnreadableCaption(`Expected an object, found ${reader.rest()}.`);
      if (number === null && !article) {
        throw new UnreadableCaption(`It does not say how many ${reader.word(reader.at - 1)}.`);
      }
    }
    if (said.colour !== undefined && !this.#colourable.has(name)) {
      throw new UnreadableCaption(`The colour of a ${name} is not judged.`);
    }
    let accessory = 'none';
    const start = reader.at;
    if (reader.words('wearing', 'with', 'without')) {
      const bare = reader.tokens[start] === 'without';
      reader.words('a', 'an', 'the');
      const worn = reader.phrase<string>('accessories');
      if (worn === null) reader.at = start;
      else if (!bare) accessory = worn;
    }
    const { colour = null, size = null, pattern = 'plain' } = said;
    return { name, count: number ?? 1, colour, size, pattern, accessory };
  }

  #objects(reader: Reader): Pick<Claim, 'groups' | 'relations'> {
    const groups = [this.#nounPhrase(reader)];
    const relations: Relation[] = [];
    const sides = new Map<number, string>();
    /** "on the left" behind an object, but not "on the left of". */
    const side = () => {
      const start = reader.at;
      const found = reader.phrase<string>('sides');
      if (found !== null && reader.tokens[reader.at] !== 'of') sides.set(groups.length - 1, found);
      else reader.at = start;
    };
    side();
    while (!reader.done) {
      const last = groups.length - 1;
      if (reader.words('without')) {
        this.#nounPhrase(reader); // nothing unnamed may be there anyway
        continue;
      }
      const start = reader.at;
      reader.words('that', 'which');
      reader.words('is', 'are');
      const relation = reader.phrase<string>('relations');
      if (relation === null) {
        reader.at = start;
        reader.phrase('joints');
      }
      groups.push(this.#nounPhrase(reader));
      if (relation !== null) relations.push([last, relation, last + 1]);
      else {
        const turned = reader.phrase<string>('turned');
        if (turned !== null) relations.push([last + 1, turned, last]);
      }
      side();
    }
    if (sides.size > 0) {
      if (groups.length !== 2 || relations.length > 0) throw new UnreadableCaption('Sides are judged for two objects.');
      const first = sides.get(0) ?? OPPOSITE[sides.get(1) ?? ''] ?? '';
      const opposite = OPPOSITE[first] ?? '';
      if ((sides.get(1) ?? opposite) !== opposite)
        throw new UnreadableCaption('Both objects are said to be on one side.');
      relations.push([0, first, 1]);
    }
    return { groups, relations };
  }
}

/** A position in a caption's tokens. */
class Reader {
  at = 0;

  constructor(
    readonly tokens: CaptionToken[],
    private readonly table: (name: Table) => readonly Phrase<unknown>[],
  ) {}

  get done(): boolean {
    return this.at >= this.tokens.length;
  }

  /** Reads the longest phrase of a table that stands here: its meaning, or null (nothing is read). */
  phrase<Meaning>(name: Table): Meaning | null {
    const found = this.table(name).find(({ words }) => words.every((word, i) => this.tokens[this.at + i] === word));
    if (!found) return null;
    this.at += found.words.length;
    return found.meaning as Meaning;
  }

  /** Reads one of these words. */
  words(...options: string[]): boolean {
    const token = this.tokens[this.at];
    if (typeof token !== 'string' || !options.includes(token)) return false;
    this.at++;
    return true;
  }

  /** The next token, to be named in a message. */
  rest(): string {
    return this.done ? 'the end' : `"${this.word(this.at)}"`;
  }

  word(at: number): string {
    const token = this.tokens[at] ?? '';
    return typeof token === 'object' ? token.quoted : token;
  }
}
