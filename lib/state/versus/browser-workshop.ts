import { createPixelDecoder } from '../../engine';
import type { BenchController } from '../bench-controller';
import { findJudge, locateModel, openBundledModel } from '../model-files';
import { createPairWorkshop } from './pair-workshop';
import type { ModelParts, PairWorkshop } from './pair-workshop';

/** The workshop as this browser has it. */
export const browserWorkshop = (bench: BenchController): PairWorkshop => {
  // A folder is named by its content, so what is known of it stays right.
  const known = new Map<string, ModelParts>();
  return createPairWorkshop({
    lend: bench.lend,
    createDecoder: createPixelDecoder,
    locate: locateModel,
    async parts(folder, signal) {
      const found = known.get(folder);
      if (found !== undefined) return found;
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
