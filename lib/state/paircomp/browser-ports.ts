import { PairCompError } from '@/lib/domain';
import { createPictureReader, createPixelDecoder } from '@/lib/engine';
import { embeddedJudge, endpointJudge, janusJudge, type PictureReader, sleep } from '@/lib/judge';
import { chooseUnderstandingFiles, folderOfChoice, roleTitle } from '@/lib/models';
import { createRemote, type Remote } from '@/lib/remote';
import type { BenchController } from '@/lib/state/bench';
import { fetchCatalogue, findJudge, locateModel, type ModelLibrary, openBundledModel } from '@/lib/state/models';
import { readEndpoint, writeEndpoint } from './endpoint-memory';
import { fetchAuthors, fetchBuiltIn } from './pair-sources';
import type { PaircompPorts } from './run-ports';
import { openRunStore } from './run-store';
import { browserTabs } from './run-tabs';

/** Everything around a run as this browser has it. */
export const browserPaircompPorts = (bench: BenchController, library: ModelLibrary): PaircompPorts => {
  let remote: Remote | null = null;
  let reader: PictureReader | null = null;
  const others = (): Remote => (remote ??= createRemote());
  return {
    openStore: openRunStore,
    fetchBuiltIn,
    fetchAuthors: () => fetchAuthors(others()),
    async currentModel(signal) {
      const key = await library.chosenKey();
      if (key !== null) return { folder: key, title: library.store.getState().chosen?.title ?? key };
      const catalogue = await fetchCatalogue(signal);
      const folder = folderOfChoice(catalogue, library.store.getState().bundled);
      return { folder, title: roleTitle(catalogue, folder) ?? (await openBundledModel(folder, signal)).manifest.title };
    },
    withEngine: bench.withEngine,
    createDecoder: createPixelDecoder,
    locate: (folder) => library.locate(folder) ?? locateModel(folder),
    async ownJudge(folder, decoder, signal) {
      if (library.locate(folder) !== null) return null;
      const { manifest } = await openBundledModel(folder, signal);
      const found = await findJudge(manifest.files.centroids.sha256, signal);
      return (
        found &&
        embeddedJudge(found.title, locateModel(found.folder), (request, abort) =>
          decoder.judge(request, abort ? { signal: abort } : {}),
        )
      );
    },
    janusJudge(folder, title) {
      const location = library.locate(folder);
      const paths = location?.kind === 'files' ? Object.keys(location.files) : [];
      if (location === null || chooseUnderstandingFiles(paths.map((path) => ({ path, bytes: 0 }))) === null) {
        throw new PairCompError(
          `${title} is here only as far as it draws. Look it up again under Other models and tick what lets it judge its own pictures, or choose another judge.`,
        );
      }
      return janusJudge(`${title} itself`, location, (reader ??= createPictureReader()));
    },
    endpointJudge: (endpoint) => endpointJudge(endpoint, others(), { pageProtocol: window.location.protocol, sleep }),
    readEndpoint,
    writeEndpoint,
    tabs: browserTabs(),
    now: () => performance.now(),
    newId: () =>
      [...crypto.getRandomValues(new Uint8Array(8))].map((byte) => byte.toString(16).padStart(2, '0')).join(''),
  };
};
