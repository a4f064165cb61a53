import type { Comparison } from '@/lib/comparison';
import type { DecodedImage, Pair } from '@/lib/domain';
import { createHolder, type TokenReader } from '@/lib/engine';
import { drawIn, drawRequest } from '@/lib/paircomp';
import type { PaircompStore } from './paircomp-state';
import type { PaircompPorts } from './run-ports';

/** Finished draws as others show them. */
export interface RunPictures {
  /** Asks judges where the pictures of one model are decoded. */
  readonly judging: (folder: string) => Pick<TokenReader, 'judge'>;
  readonly decode: (folder: string, tokens: readonly Int32Array[]) => Promise<DecodedImage[]>;
  /** A finished draw as the bench shows it; null before it is drawn. */
  readonly comparison: (pair: number, image: number) => Comparison | null;
  /** The pictures of a finished draw. */
  readonly pictures: (pair: number, image: number) => Promise<Pair<DecodedImage> | null>;
}

export const createRunPictures = (
  store: PaircompStore,
  { createDecoder, locate }: Pick<PaircompPorts, 'createDecoder' | 'locate'>,
): RunPictures => {
  const decoders = createHolder<TokenReader>();

  const decode = async (folder: string, tokens: readonly Int32Array[]): Promise<DecodedImage[]> => {
    const decoder = await decoders.load(folder, createDecoder, (value) => value.load(locate(folder)));
    return decoder.decode(tokens);
  };

  return {
    // Held anew for each question: a decoder that failed to load was freed.
    judging: (folder) => ({ judge: (...given) => decoders.hold(folder, createDecoder).judge(...given) }),
    decode,

    comparison(pair, image) {
      const { run, results } = store.getState();
      const draw = drawIn(results, pair, image);
      const drawn = run?.pairs.find(({ index }) => index === pair);
      if (run?.model == null || draw === undefined || drawn === undefined) return null;
      const { name, hash, grid, codes, provenance } = run.model;
      const { prompts, settings } = drawRequest(drawn, image, run.settings);
      return {
        model: { name, hash },
        prompts,
        settings,
        grid,
        codes,
        tokens: { a: draw.a, b: draw.b },
        trace: { length: draw.a.length, precision: 'exact' },
        provenance,
      };
    },

    async pictures(pair, image) {
      const { run, results } = store.getState();
      const draw = drawIn(results, pair, image);
      if (run?.folder == null || draw === undefined) return null;
      const [a, b] = await decode(run.folder, [draw.a, draw.b]);
      return a && b ? { a, b } : null;
    },
  };
};
