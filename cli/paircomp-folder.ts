import { renameSync } from 'node:fs';
import { join } from 'node:path';
import type { SamplingSettings } from '@/lib/domain';
import { isWholePng } from '@/lib/export';
import { type Draw, drawKey, type Judged, type PictureId, pictureName, type RunStore } from '@/lib/paircomp';
import * as z from '@/lib/schema';
import { UsageError } from './command-line';
import { lockFolder } from './folder-lock';
import { Journal } from './journal';
import { hasPlainFile, kindOf, makeFolder, readPlain, writeWhole } from './plain-files';
import { naming } from './system-error';

/** What decides the pictures of a run. Limits and categories do not: a run may go on with more of them. */
export interface RunIdentity {
  /** name@hash */
  readonly model: string;
  /** SHA-256 of the pairs. */
  readonly pairs: string;
  readonly images: number;
  readonly settings: SamplingSettings;
}

/** What lines of the run can hold. */
export interface RunShape {
  /** Indices of all pairs of the file. */
  readonly pairs: ReadonlySet<number>;
  readonly images: number;
  /** Tokens of a picture, and how many different ones there are. */
  readonly steps: number;
  readonly codes: number;
}

const NAMES = { run: 'run.json', draws: 'tokens.jsonl', judged: 'judged.jsonl' } as const;

const identitySchema = z.object({
  model: z.string(),
  pairs: z.string(),
  images: z.number().check(z.int()),
  settings: z.object({
    seed: z.number(),
    coupling: z.enum(['coupled', 'independent']),
    guidanceWeight: z.number(),
    temperature: z.number(),
    topK: z.number(),
    topP: z.number(),
    plausibility: z.number(),
    greedy: z.boolean(),
  }),
});

const pictureOf = ({ pairs, images }: RunShape) => ({
  pair: z.number().check(z.refine((pair) => pairs.has(pair), 'is no pair of the file')),
  image: z.number().check(z.int(), z.gte(0), z.lte(images - 1)),
});

const drawLine = (shape: RunShape) => {
  const tokens = z.array(z.number().check(z.int(), z.gte(0), z.lte(shape.codes - 1))).check(z.length(shape.steps));
  return z.object({ ...pictureOf(shape), a: tokens, b: tokens });
};

const scoreLine = (shape: RunShape) =>
  z.intersection(
    z.object({
      ...pictureOf(shape),
      prompt: z.number().check(z.int(), z.gte(0), z.lte(1)),
      judge: z.object({ id: z.string(), version: z.string() }),
    }),
    z.union([z.object({ score: z.number().check(z.gte(0), z.lte(1)) }), z.object({ unscored: z.string() })]),
  );

interface Journals {
  readonly draws: Journal<z.infer<ReturnType<typeof drawLine>>>;
  readonly judged: Journal<z.infer<ReturnType<typeof scoreLine>>>;
}

/**
 * The folder of one run: tokens first, then pictures, then scores, each written as soon as it is known, so that nothing is made twice. What
 * is damaged is named and made again. One process at a time.
 */
export class RunFolder implements RunStore {
  readonly #problems: string[] = [];
  /** Draws that were kept from before; pictures of others are not believed. */
  #kept: ReadonlySet<string> = new Set();
  #opened: Journals | null = null;

  private constructor(
    readonly path: string,
    readonly close: () => void,
  ) {}

  /** Takes the folder for this process, made if need be; `begin` says for which run. @throws UsageError */
  static open(path: string, resume: boolean): RunFolder {
    makeFolder(path);
    const close = lockFolder(path);
    try {
      const there = Object.values(NAMES).filter((name) => hasPlainFile(join(path, name)));
      if (there.length > 0 && !resume)
        throw new UsageError(`${path} holds a run already: --resume goes on with it, another --out begins anew.`);
      return new RunFolder(path, close);
    } catch (error) {
      close();
      throw error;
    }
  }

  /** Begins a run, or goes on with the one that is there. @throws UsageError where that is another */
  begin(identity: RunIdentity, shape: RunShape): void {
    const file = join(this.path, NAMES.run);
    const bytes = readPlain(file);
    const parsed = bytes === null ? null : z.parseJson(bytes, identitySchema);
    if (parsed?.ok === true) {
      const held = parsed.value;
      const other = (Object.keys(identity) as (keyof RunIdentity)[]).find(
        (member) =>
          JSON.stringify(held[member]) !== JSON.stringify(identitySchema.shape[member].parse(identity[member])),
      );
      if (other !== undefined)
        throw new UsageError(
          `The run in ${this.path} has other ${other === 'images' ? 'images per prompt' : other} than asked for, so it cannot go on; choose another --out.`,
        );
    } else {
      this.#setAside(parsed === null ? 'is missing' : `cannot be read (${parsed.error.reason})`);
      writeWhole(file, `${JSON.stringify(identity, null, 1)}\n`);
    }
    this.#opened = {
      draws: new Journal(join(this.path, NAMES.draws), drawLine(shape)),
      judged: new Journal(join(this.path, NAMES.judged), scoreLine(shape)),
    };
  }

  /** Nobody can tell what drew the tokens: they are kept under other names, and drawn again. */
  #setAside(why: string): void {
    const there = Object.values(NAMES).filter((name) => hasPlainFile(join(this.path, name)));
    if (there.length === 0) return;
    let suffix = '.damaged';
    for (let n = 2; there.some((name) => kindOf(join(this.path, `${name}${suffix}`)) !== 'none'); n++)
      suffix = `.damaged-${n}`;
    for (const name of there)
      naming(join(this.path, name), () => renameSync(join(this.path, name), join(this.path, `${name}${suffix}`)));
    this.#problems.push(
      `${NAMES.run} ${why}, so nobody can tell how the run was drawn: it is drawn again. What there was of it now ends in ${suffix}.`,
    );
  }

  get #journals(): Journals {
    if (this.#opened === null) throw new Error('The run has not begun.');
    return this.#opened;
  }

  draws(): Promise<readonly Draw[]> {
    const lines = this.#journals.draws.read((where) => this.#problems.push(`${where}: its pictures are drawn again.`));
    const draws = lines.map(({ a, b, ...draw }) => ({ ...draw, a: Int32Array.from(a), b: Int32Array.from(b) }));
    this.#kept = new Set(draws.map(drawKey));
    return Promise.resolve(draws);
  }

  /** What every judge has said, in each of its versions. */
  scores(): Promise<readonly Judged[]> {
    const lines = this.#journals.judged.read((where) =>
      this.#problems.push(`${where}: the judge is asked about its picture again.`),
    );
    return Promise.resolve(
      lines.map(({ judge, pair, prompt, image, ...score }) => ({ judge, pair, prompt, image, score })),
    );
  }

  putDraw(_run: string, { pair, image, a, b }: Draw): Promise<void> {
    return Promise.resolve(this.#journals.draws.add({ pair, image, a: [...a], b: [...b] }));
  }

  putScores(_run: string, scores: readonly Judged[]): Promise<void> {
    for (const { judge, pair, prompt, image, score } of scores)
      this.#journals.judged.add({ pair, prompt, image, judge, ...score });
    return Promise.resolve();
  }

  /** Whether the picture of a draw from before is there, whole. */
  hasPicture(picture: PictureId): boolean {
    if (!this.#kept.has(drawKey(picture))) return false;
    const name = pictureName(picture);
    const path = join(this.path, name);
    const kind = kindOf(path);
    if (kind === 'none') return false;
    const bytes = kind === 'file' ? readPlain(path) : null;
    if (bytes !== null && isWholePng(bytes)) return true;
    this.#problems.push(`${name} is ${bytes === null ? 'no file' : 'damaged or cut short'}: it is made again.`);
    return false;
  }

  addPicture(picture: PictureId, png: Uint8Array): void {
    writeWhole(join(this.path, pictureName(picture)), png);
  }

  write(name: string, text: string): void {
    writeWhole(join(this.path, name), text);
  }

  /** One sentence for each thing that was damaged, since this was last asked. */
  takeProblems(): readonly string[] {
    return this.#problems.splice(0);
  }
}
