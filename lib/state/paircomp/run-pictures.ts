import type { Comparison } from '@/lib/comparison';
import type { DecodedImage, Pair } from '@/lib/domain';
import type { TokenReader } from '@/lib/engine';
import { drawIn, drawRequest } from '@/lib/paircomp';
import type { PaircompStore } from './paircomp-state';
import type { PaircompPorts } from './run-ports';

/** Finished draws as others show them. */
export interface RunPictures {
  /** Reads the tokens of one model; another folder replaces it. */
  readonly reader: (folder: string) => TokenReader;
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
  let decoder: { readonly folder: string; readonly value: TokenReader; ready: Promise<void> | null } | null = null;

  const decoderOf = (folder: string): NonNullable<typeof decoder> => {
    if (decoder?.folder !== folder) {
      void decoder?.value.dispose().catch(() => undefined);
      decoder = { folder, value: createDecoder(), ready: null };
    }
    return decoder;
  };

  const decode = async (folder: string, tokens: readonly Int32Array[]): Promise<DecodedImage[]> => {
    const holding = decoderOf(folder);
    try {
      await (holding.ready ??= holding.value.load(locate(folder)));
    } catch (error) {
      holding.ready = null;
      throw error;
    }
    return holding.value.decode(tokens);
  };

  return {
    reader: (folder) => decoderOf(folder).value,
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
