import { createDownloads } from '../downloads';
import { createEngine, createPixelDecoder, probeCapabilities } from '../engine';
import { folderOfChoice } from '../models';
import type { EnginePorts } from './engine-host';
import { fetchCatalogue, locateModel } from './model-files';
import type { LibraryPorts, ModelLibrary } from './model-library';
import { probeMemory, readProviderChoice } from './preferences';

/** The engine and the files as this browser has them: bundled models, and those of the library. */
export const browserPorts = (library: ModelLibrary): EnginePorts => ({
  createEngine: (prefer, onNotice) =>
    createEngine({ prefer, onNotice, fetchRows: library.fetchRows, threads: { memory: probeMemory } }),
  createDecoder: createPixelDecoder,
  defaultModel: async (signal) =>
    (await library.chosenKey()) ?? folderOfChoice(await fetchCatalogue(signal), library.store.getState().bundled),
  locate: (folder) => library.locate(folder) ?? locateModel(folder),
  loaded: library.loaded,
});

/** Downloads, storage and memory as this browser has them. */
export const browserLibraryPorts = (): LibraryPorts => {
  let downloads: ReturnType<typeof createDownloads> | null = null;
  return {
    downloads: () => (downloads ??= createDownloads()),
    probe: () => probeCapabilities(),
    provider: readProviderChoice,
    resources: async () => {
      const gigabytes = (navigator as { deviceMemory?: number }).deviceMemory;
      const estimate = await navigator.storage?.estimate().catch(() => null);
      return {
        memoryBytes: gigabytes === undefined ? null : gigabytes * 2 ** 30,
        freeStorageBytes: estimate?.quota === undefined ? null : Math.max(0, estimate.quota - (estimate.usage ?? 0)),
      };
    },
    persist: async () => (await navigator.storage?.persist?.().catch(() => false)) ?? false,
  };
};
