import { PairCompError } from '@/lib/domain';
import { formatScores, inOrder, isOfPaper, runProblem } from '@/lib/paircomp';
import { createActivity } from './activity';
import { createOtherTabs } from './other-tabs';
import type { PairsAtHand } from './pair-sources';
import { type PaircompStore, type RunForm, tallyOf } from './paircomp-state';
import { type Holdings, RunGoneError, StorageFullError } from './run-archive';
import { createRunDrawing } from './run-drawing';
import { createRunPictures, type RunPictures } from './run-pictures';
import type { PaircompPorts } from './run-ports';
import { createRunRecords } from './run-records';
import { heldAlone } from './run-tabs';
import { importScores } from './score-import';

export interface PaircompController extends Pick<RunPictures, 'comparison' | 'pictures'> {
  /** Brings back what was kept; may be called again. */
  readonly open: () => Promise<void>;
  readonly setForm: (change: Partial<RunForm>) => void;
  readonly loadBuiltIn: () => Promise<void>;
  readonly loadAuthors: () => Promise<void>;
  readonly loadFile: (read: () => Promise<PairsAtHand>) => Promise<void>;
  /** Begins a run of the pairs at hand as the form says. */
  readonly start: () => Promise<void>;
  /** Goes on with the run on screen: draws what is missing, and asks the judge that the form names about what it has not seen. */
  readonly resume: () => Promise<void>;
  /** Ends after the draw under way. */
  readonly pause: () => void;
  /** Ends at once; the draw under way is given up. */
  readonly stop: () => void;
  readonly show: (id: string | null) => Promise<void>;
  /** How much is kept of a run, and so lost with it; null where that cannot be read. */
  readonly holdings: (id: string) => Promise<Holdings | null>;
  /** Removes a run for good, unless another tab draws it; if this tab does, that ends. */
  readonly remove: (id: string) => Promise<void>;
  /** The authors' scores file of one judge's scores. */
  readonly scoresFile: (judge: string) => string;
  /** Takes a scores file in as what another judge said. */
  readonly importScores: (text: string, judge: string) => Promise<void>;
  readonly dismiss: () => void;
}

const FULL =
  'This browser has no room for more of the run; what is finished is kept. Remove an earlier run or a stored model, then go on.';

/**
 * The logic of the PairComp page, put together: `activity` is the work under way, `records` the runs and where they are kept, `drawing`
 * draws them and has them judged, `pictures` shows what is drawn, `others` follows other tabs.
 */
export const createPaircompController = (store: PaircompStore, ports: PaircompPorts): PaircompController => {
  const records = createRunRecords(store, ports);
  const fail = (error: unknown): void => {
    if (error instanceof RunGoneError) records.forget(error.id);
    store.setState({ problem: error instanceof StorageFullError ? FULL : runProblem(error) });
  };
  const activity = createActivity(store, fail);
  const pictures = createRunPictures(store, ports);
  const drawing = createRunDrawing({ store, ports, records, pictures });
  const others = createOtherTabs(store, ports.tabs, records);

  const load = async (fetching: 'built-in' | 'authors' | 'file', read: () => Promise<PairsAtHand>): Promise<void> => {
    if (store.getState().fetching !== null) return;
    store.setState({ fetching, problem: null, remarks: [] });
    try {
      const pairs = await read();
      // Categories of the file's own are taken until somebody leaves them out.
      const own = pairs.pairs.map(({ category }) => category).filter((category) => !isOfPaper(category));
      store.setState(({ form }) => ({
        pairs,
        remarks: pairs.problems,
        form: { ...form, categories: inOrder([...form.categories.filter(isOfPaper), ...own]) },
      }));
    } catch (error) {
      fail(error);
    } finally {
      store.setState({ fetching: null });
    }
  };

  const show = async (id: string | null): Promise<void> => {
    await activity.stop();
    if (id === null) return records.showNone();
    try {
      await records.show(id);
      void others.watch();
    } catch (error) {
      fail(error);
    }
  };

  return {
    async open() {
      const archive = await records.archive();
      if (store.getState().isOpen) return;
      const runs = [...(await archive.runs().catch(() => []))].sort((one, other) => other.createdMs - one.createdMs);
      const endpoint = ports.readEndpoint();
      store.setState(({ form }) => ({
        isOpen: true,
        lasting: archive.lasting,
        runs,
        form: endpoint === null ? form : { ...form, endpoint, rememberEndpoint: true },
      }));
      others.start();
      // Left over by a crash of an earlier version; where that fails, the next visit tries again.
      void archive.removeOrphans().catch(() => undefined);
      const [latest] = runs;
      if (latest !== undefined && store.getState().run === null) await show(latest.id);
    },

    setForm: (change) => store.setState(({ form }) => ({ form: { ...form, ...change } })),

    loadBuiltIn: () => load('built-in', ports.fetchBuiltIn),
    loadAuthors: () => load('authors', ports.fetchAuthors),
    loadFile: (read) => load('file', read),

    start: () => activity.begin('preparing', drawing.start),
    async resume() {
      await activity.begin('drawing', drawing.resume);
      void others.watch();
    },
    pause: activity.pause,
    stop: () => void activity.stop(),
    show,

    holdings: async (id) => (await records.archive()).holdings(id).catch(() => null),

    async remove(id) {
      try {
        if (store.getState().run?.id === id) await activity.stop();
        await heldAlone(ports.tabs, id, async () => (await records.archive()).remove(id));
        records.forget(id);
      } catch (error) {
        fail(error);
      }
    },

    comparison: pictures.comparison,
    pictures: pictures.pictures,

    scoresFile(judge) {
      const { run, results } = store.getState();
      if (run === null) throw new PairCompError('There is no run.');
      const { scored } = tallyOf(run, results, judge);
      return formatScores(
        [...scored].sort((one, other) => one.index - other.index),
        { images: run.images },
      );
    },

    importScores: (text, judge) => activity.begin('preparing', () => importScores(store, records, ports, text, judge)),

    dismiss: () => store.setState({ problem: null, remarks: [] }),
  };
};
