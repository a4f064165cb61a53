import { Tokenizer } from '@huggingface/tokenizers';
import { ModelError } from '@/lib/domain';
import * as z from '@/lib/schema';
import { parseModelJson } from './model-json';

const FILE = 'tokenizer.json';

/** Resolved by their text, since their ids differ between checkpoints. The bars are full-width. */
const SPECIAL = {
  bos: '<｜begin▁of▁sentence｜>',
  pad: '<｜▁pad▁｜>',
  boi: '<begin_of_image>',
} as const;

/** Where pictures stand in a question about them. */
const PICTURE = { placeholder: '<image_placeholder>', end: '<end_of_image>' } as const;

/** The official system prompt for questions about pictures; drawing has none. */
const SYSTEM =
  'You are a helpful language and vision assistant. You are able to understand the visual content that the user provides, and assist the user with a variety of tasks using natural language.';

/** Janus-Pro's roles; the first Janus has the bare words. */
const USER = '<|User|>';

const isId = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/** The library believes what it is given; where it stumbles over a part of the file, that is the file's fault. */
function orDamaged<T>(work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw new ModelError('model-damaged', { file: FILE, detail: 'it is no tokenizer' }, { cause });
  }
}

/** Turns prompts into the text tokens that Janus draws from. Not part of this folder's index: pages do not tokenize. */
export class HubTokenizer {
  readonly #tokenizer: Tokenizer;
  readonly #special: Readonly<Record<keyof typeof SPECIAL, number>>;
  readonly #roles: readonly [user: string, assistant: string];

  /** Reads `tokenizer.json`. Throws `model-damaged`, or `model-vocabulary` for a vocabulary without the special tokens. */
  constructor(bytes: Uint8Array) {
    const json = parseModelJson(bytes, FILE, z.looseObject({}));
    this.#tokenizer = orDamaged(() => new Tokenizer(json, {}));
    const id = (token: string) => {
      const found = this.#idOf(token);
      if (found === null) throw new ModelError('model-vocabulary', { file: FILE, detail: token });
      return found;
    };
    this.#special = { bos: id(SPECIAL.bos), pad: id(SPECIAL.pad), boi: id(SPECIAL.boi) };
    this.#roles = this.#idOf(USER) === null ? ['User', 'Assistant'] : [USER, '<|Assistant|>'];
  }

  /** Null for a token that the vocabulary does not have, or has without a number. */
  #idOf(token: string): number | null {
    const found: unknown = this.#tokenizer.token_to_id(token);
    return isId(found) ? found : null;
  }

  /**
   * Throws `model-mismatch` where an id is no row of the table of text embeddings, which has `rows` of them, null where that is not known: a token that was
   * added after the model was trained.
   */
  assertRows(ids: readonly number[], rows: number | null): void {
    const outside = rows === null ? undefined : ids.find((id) => id >= rows);
    if (outside === undefined) return;
    const token = (this.#tokenizer.id_to_token(outside) ?? '').slice(0, 40);
    throw new ModelError('model-mismatch', {
      file: FILE,
      detail: `its token "${token}" has number ${outside}, and the table of text embeddings has ${rows} rows`,
    });
  }

  /** Ids of a text as it stands, without a token at its beginning. Throws `model-damaged` where the tokenizer cannot say. */
  encode(text: string): number[] {
    const ids: unknown[] = orDamaged(() => this.#tokenizer.encode(text, { add_special_tokens: false }).ids);
    if (!ids.every(isId))
      throw new ModelError('model-damaged', { file: FILE, detail: 'it has tokens without a number' });
    return ids;
  }

  /** What is written before an image: the official frame around the prompt, which is trimmed as Janus's processor trims it. */
  prefix(prompt: string): number[] {
    const [user, assistant] = this.#roles;
    return [this.#special.bos, ...this.encode(`${user}: ${prompt.trim()}\n\n${assistant}:${SPECIAL.boi}`)];
  }

  /** The same prefix without the prompt: everything but beginnings of text and of image is padding, which is attended to. */
  unconditional(prefix: readonly number[]): number[] {
    const { bos, boi, pad } = this.#special;
    return prefix.map((id) => (id === bos || id === boi ? id : pad));
  }

  /**
   * A question about a picture in the official frame: the ids, and which of them stand for the picture's tokens. Throws `model-vocabulary` for a
   * vocabulary without pictures.
   */
  question(
    text: string,
    pictureTokens: number,
  ): { readonly ids: readonly number[]; readonly isPicture: readonly boolean[] } {
    const [user, assistant] = this.#roles;
    const [placeholder, end] = [PICTURE.placeholder, PICTURE.end].map((token) => {
      const id = this.#idOf(token);
      if (id === null) throw new ModelError('model-vocabulary', { file: FILE, detail: token });
      return id;
    }) as [number, number];
    const { bos, boi } = this.#special;
    const picture = [boi, ...Array<number>(pictureTokens).fill(placeholder), end];
    const before = this.encode(`${SYSTEM}\n\n${user}: `);
    // What somebody typed must not stand for a picture.
    const words = text.replaceAll(PICTURE.placeholder, ' ');
    const after = this.encode(`\n${words.trim()}\n\n${assistant}:`);
    return {
      ids: [bos, ...before, ...picture, ...after],
      isPicture: [
        false,
        ...before.map(() => false),
        ...picture.map((id) => id === placeholder),
        ...after.map(() => false),
      ],
    };
  }

  /**
   * The tokens that are this one word, at a line's start or after a space; for a vocabulary of letters, in which it is none, those with which it begins.
   */
  firstTokens(word: string): readonly number[] {
    const spelled = [this.encode(word), this.encode(` ${word}`)].filter(({ length }) => length > 0);
    const whole = spelled.filter(({ length }) => length === 1);
    return [...new Set((whole.length > 0 ? whole : spelled).map(([first]) => first as number))];
  }

  /** What fills rows up on the left; not attended to. */
  get pad(): number {
    return this.#special.pad;
  }
}
