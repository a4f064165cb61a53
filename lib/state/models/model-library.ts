import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import { type Doing, ModelError } from '@/lib/domain';
import {
  type DownloadProgress,
  type Downloads,
  type FilesAtHand,
  type FileState,
  type ListedFile,
  type ModelOrigin,
  type ModelRecord,
  originName,
  type Overview,
} from '@/lib/downloads';
import {
  type CapabilityReport,
  type Device,
  type EngineInfo,
  type Needs,
  type Objection,
  objectionsTo,
} from '@/lib/engine';
import {
  type BundledChoice,
  type ChosenGraph,
  type FolderFile,
  type KnownFile,
  type ModelLocation,
  type RowTable,
  type TextByRows,
} from '@/lib/models';
import { problemOf } from '@/lib/state/page';
import {
  type ProviderChoice,
  readBundledChoice,
  readChosenModel,
  writeBundledChoice,
  writeChosenModel,
} from './preferences';
import { type ReadFile, type Sorted, sortOut } from './sort-out';

/** Terms under which a model's weights are, as far as this program knows them. */
export type Licence = 'deepseek' | 'unknown';

/** A model that was looked up: what it is and takes, before anything large is downloaded. */
export interface Proposal {
  /** Null for a folder on this computer. */
  readonly origin: ModelOrigin | null;
  readonly title: string;
  readonly files: readonly FolderFile[];
  /** How much of each file is stored, in the same order. */
  readonly states: readonly FileState[];
  readonly missingBytes: number;
  /** Null for models whose needs are not known from their lists. */
  readonly needs: Needs | null;
  readonly objections: readonly Objection[];
  readonly licence: Licence;
  /** Further files with which the model answers questions about pictures; null where there are none, or all are among the files anyway. */
  readonly understanding: Understanding | null;
  /** The table of text embeddings, of which single rows could be fetched instead; null where they could not. */
  readonly textTable: {
    readonly path: string;
    readonly files: readonly string[];
    readonly missingBytes: number;
  } | null;
}

export interface Understanding {
  readonly files: readonly FolderFile[];
  readonly states: readonly FileState[];
  /** Whether they are among the proposal's files. */
  readonly included: boolean;
}

/** The model that draws instead of a bundled one. */
export interface ChosenModel {
  /** Stands for the folder wherever bundled models have one. */
  readonly key: string;
  readonly title: string;
  readonly lasting: boolean;
}

export interface DownloadState {
  readonly progress: DownloadProgress | null;
}

export interface LibraryState {
  readonly looking: boolean;
  readonly proposal: Proposal | null;
  /** Why the last look or download failed. */
  readonly problem: string | null;
  readonly download: DownloadState | null;
  readonly chosen: ChosenModel | null;
  /** Which bundled model draws while none is chosen beside them. */
  readonly bundled: BundledChoice;
  readonly overview: Overview | null;
}

export interface LibraryPorts {
  readonly downloads: () => Downloads;
  readonly probe: () => Promise<CapabilityReport>;
  /** What the person wants the model to run on. */
  readonly provider: () => ProviderChoice;
  /** Free storage of this site, and memory of the machine, bytes; null where the browser does not tell. */
  readonly resources: () => Promise<Pick<Device, 'memoryBytes' | 'freeStorageBytes'>>;
  /** Asks the browser to keep what is stored; false if it does not promise. */
  readonly persist: () => Promise<boolean>;
}

export interface ModelLibrary {
  readonly store: StoreApi<LibraryState>;
  /** Lists a model; the first time that its host is contacted. */
  lookUp(origin: ModelOrigin): Promise<void>;
  /** A folder on this computer: files by their paths in it. */
  lookAt(name: string, files: Readonly<Record<string, Blob>>): Promise<void>;
  /** Takes the files that answer questions about pictures into what is proposed, or out of it. */
  includeUnderstanding(include: boolean): void;
  /** Forgets what was looked up. */
  clear(): void;
  /**
   * Downloads what is missing of the proposal, and takes it; true when it draws from now on. With `textByRows`, only those rows of the table of text
   * embeddings are fetched that prompts need, when they need them.
   */
  take(options?: { readonly textByRows?: boolean }): Promise<boolean>;
  /** Fetches rows for the model that draws. */
  readonly fetchRows: (table: RowTable, ids: readonly number[], signal: AbortSignal | undefined) => Promise<Uint8Array>;
  readonly cancel: () => void;
  /** Takes a model that is stored whole. */
  takeStored(record: ModelRecord): Promise<boolean>;
  /** A bundled model draws from now on. */
  takeBundled(choice: BundledChoice): void;
  forget(origin: ModelOrigin): Promise<void>;
  /** Reads a stored model again; returns the paths of damaged files, which are removed. */
  check(record: ModelRecord): Promise<readonly string[]>;
  removeStrays(): Promise<void>;
  refresh(): Promise<void>;
  /** The chosen model's key, brought back from the last visit if it is still there whole; null for a bundled one. */
  chosenKey(): Promise<string | null>;
  /** Files of a model by its key or by the name and hash that the engine gave it; null if it is none of this library. */
  locate(folder: string): ModelLocation | null;
  /** The engine says what the model of a key is called. */
  readonly loaded: (key: string, info: EngineInfo) => void;
}

const ALL_WHOLE = (file: FolderFile): FileState => ({ state: 'whole', bytes: file.bytes });

export const keyOf = (origin: ModelOrigin): string =>
  origin.kind === 'hub' ? `hub:${origin.endpoint}/${origin.id}@${origin.revision}` : `url:${origin.url}`;

/** At the end of the key of a model without its table of text embeddings. */
const BY_ROWS = '#rows';

/** Whether the chosen model is of an origin. */
export const isOf = (chosen: ChosenModel | null, origin: ModelOrigin): boolean =>
  chosen !== null && [keyOf(origin), `${keyOf(origin)}${BY_ROWS}`].includes(chosen.key);

/** Bytes that are not here of all files, or of some by their paths. */
const missingOf = (files: readonly FolderFile[], states: readonly FileState[], paths?: readonly string[]): number =>
  files.reduce(
    (sum, { path, bytes }, index) =>
      paths === undefined || paths.includes(path) ? sum + bytes - (states[index]?.bytes ?? 0) : sum,
    0,
  );

const textTableOf = (
  { path, data }: ChosenGraph,
  files: readonly FolderFile[],
  states: readonly FileState[],
): NonNullable<Proposal['textTable']> => ({
  path,
  files: [path, ...data],
  missingBytes: missingOf(files, states, [path, ...data]),
});

/** Models beside the bundled ones: looked up, downloaded, stored, chosen. */
export const createModelLibrary = (ports: LibraryPorts): ModelLibrary => {
  const store = createStore<LibraryState>()(() => ({
    looking: false,
    proposal: null,
    problem: null,
    download: null,
    chosen: null,
    bundled: 'default',
    overview: null,
  }));
  const locations = new Map<string, ModelLocation>();
  const names = new Map<string, string>();
  /** Files of the proposal that are on this computer. */
  let atHand: Readonly<Record<string, Blob>> | null = null;
  let looking: AbortController | null = null;
  let downloading: AbortController | null = null;
  let restored: Promise<void> | null = null;

  const probe = async (): Promise<Device> => {
    const [report, resources] = await Promise.all([ports.probe(), ports.resources()]);
    const webgpu = report.webgpu && ports.provider() !== 'wasm';
    return { webgpu, shaderF16: webgpu && report.shaderF16, maxBufferBytes: report.maxBufferBytes, ...resources };
  };

  /** What of a folder is needed, and what that takes. */
  const propose = async (files: readonly FolderFile[], read: ReadFile): Promise<Sorted> =>
    sortOut(files, read, await probe());

  const look = async (doing: Doing, work: (signal: AbortSignal) => Promise<Proposal>): Promise<void> => {
    looking?.abort();
    const own = new AbortController();
    looking = own;
    store.setState({ looking: true, proposal: null, problem: null });
    try {
      const proposal = await work(own.signal);
      if (looking === own) store.setState({ looking: false, proposal });
    } catch (error) {
      if (looking === own) store.setState({ looking: false, problem: problemOf(error, doing) });
    }
  };

  const choose = (key: string, title: string, { files, lasting }: FilesAtHand, text?: TextByRows): void => {
    locations.set(key, { kind: 'files', name: title.split('/').at(-1) ?? title, files, ...(text && { text }) });
    store.setState({ chosen: { key, title, lasting } });
  };

  /** Finds the table of a proposal's text embeddings at its origin. */
  const rowsOf = async (
    { origin, textTable, files }: Proposal,
    signal: AbortSignal,
  ): Promise<TextByRows | undefined> => {
    const graph = (files as readonly ListedFile[]).find(({ path }) => path === textTable?.path);
    if (origin === null || !graph) return undefined;
    return {
      graph,
      table: await ports.downloads().rowTable(origin, graph, files as readonly ListedFile[], { signal }),
    };
  };

  const chooseRecord = (record: ModelRecord, found: FilesAtHand): void => {
    choose(`${keyOf(record.origin)}${record.text ? BY_ROWS : ''}`, originName(record.origin), found, record.text);
    writeChosenModel(found.lasting ? record : null);
  };

  const refresh = async (): Promise<void> => {
    const overview = await ports.downloads().overview();
    store.setState({ overview });
  };

  /** The first file of a stored model that is not here any more. */
  const missingOfStored = async ({ origin, files }: ModelRecord): Promise<ModelError> => {
    const states = await ports.downloads().states(files);
    const file = files[states.findIndex(({ state }) => state !== 'whole')]?.path;
    return new ModelError('model-missing', file === undefined ? { model: originName(origin) } : { file });
  };

  const library: ModelLibrary = {
    store,

    lookUp: (origin) =>
      look('looking a model up', async (signal) => {
        atHand = null;
        const downloads = ports.downloads();
        const listing = await downloads.list(origin, { signal });
        const read = (path: string) => {
          const file = listing.files.find((each) => each.path === path);
          if (!file) throw new ModelError('model-missing', { file: path });
          return downloads.peek(listing.origin, file, { signal });
        };
        const { files, understanding, needs, device, janus, text } = await propose(listing.files, read);
        const states = await downloads.states(files as ListedFile[]);
        const missingBytes = missingOf(files, states);
        const further =
          understanding.length === 0
            ? null
            : { files: understanding, states: await downloads.states(understanding as ListedFile[]), included: false };
        return {
          origin: listing.origin,
          title: originName(listing.origin),
          files,
          states,
          missingBytes,
          needs,
          objections: needs ? objectionsTo(needs, device, missingBytes) : [],
          licence: janus ? 'deepseek' : 'unknown',
          understanding: further,
          textTable: text?.graph === 'embed_tokens' ? textTableOf(text, files, states) : null,
        };
      }),

    lookAt: (name, blobs) =>
      look('choosing a folder', async () => {
        const all = Object.entries(blobs).map(([path, { size }]) => ({ path, bytes: size }));
        const read = async (path: string) => {
          const blob = Object.hasOwn(blobs, path) ? blobs[path] : undefined;
          if (!blob) throw new ModelError('model-missing', { file: path });
          return new Uint8Array(await blob.arrayBuffer());
        };
        const { files: drawing, understanding, needs, device, janus } = await propose(all, read);
        // What is on this computer anyway costs no download.
        const files = [...drawing, ...understanding];
        atHand = Object.fromEntries(files.flatMap(({ path }) => (blobs[path] ? [[path, blobs[path]]] : [])));
        return {
          origin: null,
          title: name,
          files,
          states: files.map(ALL_WHOLE),
          missingBytes: 0,
          needs,
          objections: needs ? objectionsTo(needs, device, 0) : [],
          licence: janus ? 'deepseek' : 'unknown',
          understanding: null,
          textTable: null,
        };
      }),

    includeUnderstanding(include) {
      const { proposal, download } = store.getState();
      const understanding = proposal?.understanding;
      if (!proposal || !understanding || understanding.included === include || download !== null) return;
      const drawing = include ? proposal.files : proposal.files.slice(0, -understanding.files.length);
      const files = include ? [...drawing, ...understanding.files] : drawing;
      const states = include ? [...proposal.states, ...understanding.states] : proposal.states.slice(0, drawing.length);
      store.setState({
        proposal: {
          ...proposal,
          files,
          states,
          missingBytes: missingOf(files, states),
          understanding: { ...understanding, included: include },
        },
      });
    },

    clear() {
      looking?.abort();
      looking = null;
      atHand = null;
      store.setState({ looking: false, proposal: null, problem: null });
    },

    async take({ textByRows = false } = {}) {
      const { proposal, download } = store.getState();
      if (proposal === null || download !== null) return false;
      const { origin, title } = proposal;
      if (origin === null) {
        const files: Record<string, KnownFile> = Object.fromEntries(
          Object.entries(atHand ?? {}).map(([path, blob]) => [path, { blob }]),
        );
        choose(`folder:${title}`, title, { files, lasting: false });
        writeChosenModel(null);
        return true;
      }
      const own = new AbortController();
      downloading = own;
      const files = proposal.files as readonly ListedFile[];
      store.setState({ download: { progress: null }, problem: null });
      try {
        await ports.persist();
        const text = textByRows ? await rowsOf(proposal, own.signal) : undefined;
        const apart = text ? proposal.textTable?.files : undefined;
        const record: ModelRecord = { origin, files: files.filter(({ path }) => !apart?.includes(path)), text };
        const found = await ports.downloads().download(record, {
          signal: own.signal,
          onProgress: (progress) => {
            if (downloading === own) store.setState({ download: { progress } });
          },
        });
        if (downloading !== own) return false;
        chooseRecord(record, found);
        return true;
      } catch (error) {
        if (downloading === own) store.setState({ problem: problemOf(error, 'downloading') });
        return false;
      } finally {
        if (downloading === own) {
          downloading = null;
          store.setState({ download: null });
        }
        const states = await ports.downloads().states(files);
        store.setState((state) =>
          state.proposal === proposal
            ? {
                proposal: {
                  ...proposal,
                  states,
                  missingBytes: missingOf(files, states),
                  textTable: proposal.textTable && {
                    ...proposal.textTable,
                    missingBytes: missingOf(files, states, proposal.textTable.files),
                  },
                },
              }
            : {},
        );
        await refresh();
      }
    },

    cancel() {
      downloading?.abort();
      downloading = null;
      store.setState({ download: null });
    },

    fetchRows: (table, ids, signal) => ports.downloads().rows(table, ids, { signal }),

    async takeStored(record) {
      try {
        const found = await ports.downloads().open(record);
        if (found === null) throw await missingOfStored(record);
        chooseRecord(record, found);
        store.setState({ problem: null });
        return true;
      } catch (error) {
        store.setState({ problem: problemOf(error, 'choosing a stored model') });
        return false;
      }
    },

    takeBundled(bundled) {
      writeChosenModel(null);
      writeBundledChoice(bundled);
      store.setState({ chosen: null, bundled });
    },

    async forget(origin) {
      if (isOf(store.getState().chosen, origin)) library.takeBundled('default');
      await ports.downloads().forget(origin);
      await refresh();
    },

    async check(record) {
      const damaged = await ports.downloads().check(record);
      await refresh();
      return damaged;
    },

    async removeStrays() {
      await ports.downloads().removeStrays();
      await refresh();
    },

    refresh,

    async chosenKey() {
      restored ??= (async () => {
        store.setState({ bundled: readBundledChoice() });
        const record = readChosenModel();
        if (record === null || store.getState().chosen !== null) return;
        const found = await ports
          .downloads()
          .open(record)
          .catch(() => null);
        if (store.getState().chosen !== null) return;
        if (found === null) writeChosenModel(null);
        else chooseRecord(record, found);
      })();
      await restored;
      return store.getState().chosen?.key ?? null;
    },

    locate: (folder) => locations.get(names.get(folder) ?? folder) ?? null,

    loaded(key, info) {
      if (locations.has(key)) names.set(`${info.modelName}@${info.modelHash}`, key);
    },
  };
  return library;
};
