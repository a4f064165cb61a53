import { createDownloads } from '@/lib/downloads';
import { createEngine, createPixelDecoder, probeCapabilities } from '@/lib/engine';
import { folderOfChoice } from '@/lib/models';
import { createBenchController, createBenchStore, createSessionStore, type EnginePorts } from '@/lib/state/bench';
import {
  createModelLibrary,
  fetchCatalogue,
  type LibraryPorts,
  locateBundled,
  type ModelLibrary,
  probeMemory,
  readProviderChoice,
} from '@/lib/state/models';
import { browserPaircompPorts, createPaircompController, createPaircompStore } from '@/lib/state/paircomp';
import { createQueries } from '@/lib/state/page';
import {
  createExampleOpener,
  exampleIndexQuery,
  exampleQuery,
  type FirstView,
  openFirst,
  openFirstView,
  syncViewAddress,
} from '@/lib/state/sharing';
import { browserPairDrawer, createVersus } from '@/lib/state/versus';

/** The engine and the files as this browser has them: bundled models, and those of the library. */
const browserPorts = (library: ModelLibrary): EnginePorts => ({
  createEngine: (prefer, onNotice) =>
    createEngine({ prefer, onNotice, fetchRows: library.fetchRows, threads: { memory: probeMemory } }),
  createDecoder: createPixelDecoder,
  defaultModel: async (signal) =>
    (await library.chosenKey()) ?? folderOfChoice(await fetchCatalogue(signal), library.store.getState().bundled),
  locate: async (folder, signal) => library.locate(folder) ?? (await locateBundled(folder, signal)),
  loaded: library.loaded,
});

/** Downloads, storage and memory as this browser has them. */
const browserLibraryPorts = (): LibraryPorts => {
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

/** One bench with its session, and what runs behind it. They outlive the pages that show them. */
export const createServices = (firstView: FirstView | null) => {
  const first = openFirstView(firstView);
  const bench = createBenchStore(first?.frame);
  const session = createSessionStore(first?.session);
  const library = createModelLibrary(browserLibraryPorts());
  const controller = createBenchController({ bench, session, ports: browserPorts(library) });
  const runs = createPaircompStore();
  const pairDrawer = browserPairDrawer(controller);
  const queries = createQueries();
  return {
    first: first && { frame: first.frame, pictures: { a: firstView?.example.a ?? '', b: firstView?.example.b ?? '' } },
    bench,
    session,
    controller,
    library,
    paircomp: { store: runs, controller: createPaircompController(runs, browserPaircompPorts(controller, library)) },
    versus: createVersus(pairDrawer),
    pairDrawer,
    queries,
    openExample: createExampleOpener(bench, controller, (example) => queries.fetchQuery(exampleQuery(example))),
  };
};

export type Services = ReturnType<typeof createServices>;

/** Begins what runs in the background; the function returned ends it. */
export const startServices = ({ controller, library, versus, pairDrawer }: Services): (() => void) => {
  const stop = controller.start();
  // A model that was chosen on an earlier visit shows its name before it is loaded.
  void library.chosenKey();
  return () => {
    stop();
    versus.stop();
    pairDrawer.rest();
  };
};

/** Shows what the address holds and keeps the address at it, while the bench is on screen; the function returned ends it. */
export const openBench = ({ first, bench, session, controller, versus, queries }: Services): (() => void) => {
  const endOpening = openFirst({
    first: first?.frame ?? null,
    bench,
    session,
    controller,
    showSheet: (sheet) => void versus.show(sheet),
    examples: {
      list: () => queries.fetchQuery(exampleIndexQuery),
      load: (example) => queries.fetchQuery(exampleQuery(example)),
    },
  });
  const endView = syncViewAddress(bench);
  return () => {
    endView();
    endOpening();
  };
};
