import { createPixelDecoder } from '@/lib/engine';
import { requireListed } from '@/lib/models';
import type { BenchController } from '@/lib/state/bench';
import { fetchCatalogue, findJudge, locateModel, openBundledModel } from '@/lib/state/models';
import { createPairDrawer, type ModelParts, type PairDrawer } from './pair-drawer';

/** What draws pairs on several models, as this browser has it. */
export const browserPairDrawer = (bench: BenchController): PairDrawer => {
  // A folder is named by its content, so what is known of it stays right.
  const known = new Map<string, ModelParts>();
  return createPairDrawer({
    withEngine: bench.withEngine,
    createDecoder: createPixelDecoder,
    locate: locateModel,
    async parts(folder, signal) {
      const found = known.get(folder);
      if (found !== undefined) return found;
      requireListed(await fetchCatalogue(signal), folder);
      const { manifest } = await openBundledModel(folder, signal);
      const parts = {
        decoder: manifest.files.decoder.sha256,
        judge: await findJudge(manifest.files.centroids.sha256, signal),
      };
      known.set(folder, parts);
      return parts;
    },
  });
};
