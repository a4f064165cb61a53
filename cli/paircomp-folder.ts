import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SamplingSettings } from '@/lib/domain';
import { type Draw, type Judged, type PictureId, pictureName, type RunStore } from '@/lib/paircomp';
import * as z from '@/lib/schema';
import { UsageError } from './command-line';

/** What decides the pictures of a run. Limits and categories do not: a run may go on with more of them. */
export interface RunIdentity {
  /** name@hash */
  readonly model: string;
  /** SHA-256 of the pairs. */
  readonly pairs: string;
  readonly images: number;
  readonly settings: SamplingSettings;
}

const drawLine = z.object({
  pair: z.number().int(),
  image: z.number().int(),
  a: z.array(z.number().int()),
  b: z.array(z.number().int()),
});
const scoreLine = z.intersection(
  z.object({
    pair: z.number().int(),
    prompt: z.number().int(),
    image: z.number().int(),
    judge: z.object({ id: z.string(), version: z.string() }),
  }),
  z.union([z.object({ score: z.number() }), z.object({ unscored: z.string() })]),
);

/** A file that grows by lines. What a crash left unfinished at its end is forgotten. */
class Journal<T> {
  constructor(
    private readonly path: string,
    private readonly schema: z.ZodType<T>,
  ) {}

  read(): T[] {
    if (!existsSync(this.path)) return [];
    const bytes = readFileSync(this.path);
    const end = bytes.lastIndexOf(10) + 1;
    if (end < bytes.length) truncateSync(this.path, end);
    const lines = bytes.subarray(0, end).toString('utf8').split('\n').slice(0, -1);
    return lines.map((line, number) => {
      const parsed = z.parseJson(line, this.schema);
      if (parsed.ok) return parsed.value;
      throw new UsageError(
        `Line ${number + 1} of ${this.path} cannot be read (${parsed.error.reason}); remove the line to have what it held made anew.`,
      );
    });
  }

  add(value: T): void {
    appendFileSync(this.path, `${JSON.stringify(value)}\n`);
  }
}

const writeWhole = (path: string, data: string | Uint8Array): void => {
  writeFileSync(`${path}.part`, data);
  renameSync(`${path}.part`, path);
};

/** The folder of one run: tokens first, then pictures, then scores, each written as soon as it is known, so that nothing is made twice. */
export class RunFolder implements RunStore {
  readonly #draws: Journal<z.infer<typeof drawLine>>;
  readonly #judged: Journal<z.infer<typeof scoreLine>>;

  private constructor(readonly path: string) {
    this.#draws = new Journal(join(path, 'tokens.jsonl'), drawLine);
    this.#judged = new Journal(join(path, 'judged.jsonl'), scoreLine);
  }

  /** Begins a run, or goes on with the one that is there. @throws UsageError */
  static open(path: string, identity: RunIdentity, resume: boolean): RunFolder {
    mkdirSync(path, { recursive: true });
    const file = join(path, 'run.json');
    if (existsSync(file)) {
      if (!resume)
        throw new UsageError(`${path} holds a run already: --resume goes on with it, another --out begins anew.`);
      const parsed = z.parseJson(readFileSync(file), z.looseObject({}));
      if (!parsed.ok)
        throw new UsageError(
          `${file} cannot be read (${parsed.error.reason}), so the run cannot go on; choose another --out to begin anew.`,
        );
      const held = parsed.value;
      const other = (Object.keys(identity) as (keyof RunIdentity)[]).find(
        (member) => JSON.stringify(held[member]) !== JSON.stringify(identity[member]),
      );
      if (other !== undefined)
        throw new UsageError(
          `The run in ${path} has other ${other === 'images' ? 'images per prompt' : other} than asked for, so it cannot go on; choose another --out.`,
        );
    } else {
      writeWhole(file, `${JSON.stringify(identity, null, 1)}\n`);
    }
    return new RunFolder(path);
  }

  draws(): Promise<readonly Draw[]> {
    const lines = this.#draws.read();
    return Promise.resolve(
      lines.map(({ a, b, ...draw }) => ({ ...draw, a: Int32Array.from(a), b: Int32Array.from(b) })),
    );
  }

  /** What every judge has said, in each of its versions. */
  scores(): Promise<readonly Judged[]> {
    const lines = this.#judged.read();
    return Promise.resolve(
      lines.map(({ judge, pair, prompt, image, ...score }) => ({ judge, pair, prompt, image, score })),
    );
  }

  putDraw(_run: string, { pair, image, a, b }: Draw): Promise<void> {
    return Promise.resolve(this.#draws.add({ pair, image, a: [...a], b: [...b] }));
  }

  putScores(_run: string, scores: readonly Judged[]): Promise<void> {
    for (const { judge, pair, prompt, image, score } of scores)
      this.#judged.add({ pair, prompt, image, judge, ...score });
    return Promise.resolve();
  }

  hasPicture(picture: PictureId): boolean {
    return existsSync(join(this.path, pictureName(picture)));
  }

  addPicture(picture: PictureId, png: Uint8Array): void {
    writeWhole(join(this.path, pictureName(picture)), png);
  }

  write(name: string, text: string): void {
    writeWhole(join(this.path, name), text);
  }
}
