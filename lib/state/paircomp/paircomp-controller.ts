import type { Comparison } from '@/lib/comparison';
import {
  counted,
  type DecodedImage,
  EngineError,
  type Pair,
  PairCompError,
  type SamplingSettings,
  toEngineError,
} from '@/lib/domain';
import { type Engine, type EngineInfo, type TokenReader, provenanceOf } from '@/lib/engine';
import type { Endpoint, PairCompJudge } from '@/lib/judge';
import type { ModelLocation } from '@/lib/models';
import {
  addDraw,
  addJudged,
  choosePairs,
  inOrder,
  isOfPaper,
  drawIn,
  drawRequest,
  emptyResults,
  formatScores,
  type Judged,
  judgeKey,
  type LoopPorts,
  parseScores,
  protocolSettings,
  type Run,
  type RunJudge,
  runLoop,
  type RunModel,
  runProblem,
} from '@/lib/paircomp';
import { parseDraft } from '@/lib/state/bench';
import type { PairsAtHand } from './pair-sources';
import { chosenPairs, type PaircompStore, type RunForm, tallyOf } from './paircomp-state';
import { type RunArchive, StorageFullError } from './run-store';

/** The model that draws now, by what locates it. */
export interface CurrentModel {
  readonly folder: string;
  readonly title: string;
}

export interface PaircompPorts {
  readonly openStore: () => Promise<RunArchive>;
  readonly fetchBuiltIn: () => Promise<PairsAtHand>;
  /** Contacts the authors' host. */
  readonly fetchAuthors: () => Promise<PairsAtHand>;
  readonly currentModel: (signal: AbortSignal) => Promise<CurrentModel>;
  readonly withEngine: <T>(
    folder: string,
    work: (engine: Engine, info: EngineInfo) => Promise<T>,
    signal: AbortSignal,
  ) => Promise<T>;
  readonly createDecoder: () => TokenReader;
  readonly locate: (folder: string) => ModelLocation;
  /** The judge of a model's own pictures; null where there is none. */
  readonly ownJudge: (folder: string, decoder: TokenReader, signal: AbortSignal) => Promise<PairCompJudge | null>;
  /** The understanding of the Janus that draws. @throws PairCompError where it is none, or has only the parts that draw */
  readonly janusJudge: (folder: string, title: string) => PairCompJudge;
  /** An endpoint of the person's as the judge. @throws PairCompError where its address cannot be used */
  readonly endpointJudge: (endpoint: Endpoint) => PairCompJudge;
  /** The endpoint that was to be remembered; null forgets it. */
  readonly readEndpoint: () => Endpoint | null;
  readonly writeEndpoint: (endpoint: Endpoint | null) => void;
  /** Holds a name against this page's other tabs while the work goes on; null, without working, where another holds it. */
  readonly alone: <T>(name: string, work: () => Promise<T>) => Promise<T | null>;
  readonly now: () => number;
  readonly newId: () => string;
}

export interface PaircompController {
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
  readonly remove: (id: string) => Promise<void>;
  /** A finished draw as the bench shows it; null before it is drawn. */
  readonly comparison: (pair: number, image: number) => Comparison | null;
  /** The pictures of a finished draw. */
  readonly pictures: (pair: number, image: number) => Promise<Pair<DecodedImage> | null>;
  /** The authors' scores file of one judge's scores. */
  readonly scoresFile: (judge: string) => string;
  /** Takes a scores file in as what another judge said. */
  readonly importScores: (text: string, judge: string) => Promise<void>;
  readonly dismiss: () => void;
}

/** Of so many latest draws the time left is reckoned. */
const TIMED_DRAWS = 8;

const FULL =
  'This browser has no room for more of the run; what is finished is kept. Remove an earlier run or a stored model, then go on.';

const mean = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;

/** Pairs that a form asks for, or what is wrong with it. @throws PairCompError */
const limitOf = ({ limit }: RunForm): number | null => {
  const text = limit.trim().toLowerCase();
  if (text === '' || text === 'all') return null;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new PairCompError('The number of pairs must be a whole number from 1, or “all”.');
  return value;
};

const seedOf = ({ seed }: RunForm): number => {
  const value = Number(seed.trim() === '' ? NaN : seed);
  if (!Number.isInteger(value) || value < 0 || value > 0xffff_ffff)
    throw new PairCompError('The seed must be a whole number from 0 to 4294967295.');
  return value;
};

const settingsOf = ({ settings }: RunForm, defaults: SamplingSettings): SamplingSettings => {
  if (settings === null) return protocolSettings(defaults);
  const parsed = parseDraft(settings);
  if (parsed.settings === null)
    throw new PairCompError(Object.values(parsed.problems)[0] ?? 'A setting cannot be used.');
  return parsed.settings;
};

/** The logic of the PairComp page: pairs, runs that go on in the background, and what becomes of their results. */
export const createPaircompController = (store: PaircompStore, ports: PaircompPorts): PaircompController => {
  let opened: Promise<RunArchive> | null = null;
  let active: { readonly abort: AbortController; pausing: boolean; readonly done: Promise<void> } | null = null;
  let decoder: { readonly folder: string; readonly value: TokenReader; ready: Promise<void> | null } | null = null;

  const keep = (): Promise<RunArchive> => (opened ??= ports.openStore());
  const fail = (error: unknown): void =>
    store.setState({ problem: error instanceof StorageFullError ? FULL : runProblem(error) });
  const bump = (): void => store.setState(({ version }) => ({ version: version + 1 }));

  const decoderOf = (folder: string): NonNullable<typeof decoder> => {
    if (decoder?.folder !== folder) {
      void decoder?.value.dispose().catch(() => undefined);
      decoder = { folder, value: ports.createDecoder(), ready: null };
    }
    return decoder;
  };

  const decode = async (folder: string, tokens: readonly Int32Array[]): Promise<DecodedImage[]> => {
    const holding = decoderOf(folder);
    try {
      await (holding.ready ??= holding.value.load(ports.locate(folder)));
    } catch (error) {
      holding.ready = null;
      throw error;
    }
    return holding.value.decode(tokens);
  };

  const showRun = (run: Run, results = store.getState().results): void => {
    store.setState(({ runs, version }) => ({
      run,
      runs: runs.some(({ id }) => id === run.id)
        ? runs.map((each) => (each.id === run.id ? run : each))
        : [run, ...runs],
      results,
      version: version + 1,
      progress: { drawn: results.draws.size, total: run.chosen.length * run.images, drawMs: null },
    }));
  };

  /** Changes the run that is on screen and kept. */
  const changeRun = async (id: string, change: (run: Run) => Run): Promise<Run> => {
    const { run } = store.getState();
    if (run?.id !== id) throw new EngineError('aborted');
    const next = change(run);
    await (await keep()).putRun(next);
    store.setState(({ runs }) => ({ run: next, runs: runs.map((each) => (each.id === id ? next : each)) }));
    return next;
  };

  const withJudge = (run: Run, judge: RunJudge): Run =>
    run.judges.some((each) => judgeKey(each) === judgeKey(judge)) ? run : { ...run, judges: [judge, ...run.judges] };

  const modelOf = (folder: string, title: string, info: EngineInfo, settings: SamplingSettings): RunModel => ({
    folder,
    title,
    name: info.modelName,
    hash: info.modelHash,
    grid: info.grid,
    codes: info.codes,
    provenance: provenanceOf(info, settings, false),
  });

  const chosenJudge = (folder: string, title: string, signal: AbortSignal): Promise<PairCompJudge | null> => {
    const { judge, endpoint, rememberEndpoint } = store.getState().form;
    switch (judge) {
      case 'own':
        return ports.ownJudge(folder, decoderOf(folder).value, signal);
      case 'janus':
        return Promise.resolve(ports.janusJudge(folder, title));
      case 'endpoint':
        ports.writeEndpoint(rememberEndpoint ? endpoint : null);
        return Promise.resolve(ports.endpointJudge(endpoint));
      case 'none':
        return Promise.resolve(null);
    }
  };

  /** Draws what is missing of the run on screen, until that is done or somebody ends it. */
  const work = async (run: Run, signal: AbortSignal, isPausing: () => boolean): Promise<void> => {
    const { folder } = run;
    if (folder === null) return;
    const records = await keep();
    const { results } = store.getState();
    const assertCurrent = async (): Promise<CurrentModel> => {
      const current = await ports.currentModel(signal);
      if (current.folder !== folder)
        throw new PairCompError(
          `This run draws with ${run.model?.title ?? 'another model'} (${folder}), which is not the model in the header; choose it there and go on, or start a new run.`,
        );
      return current;
    };
    const { title } = await assertCurrent();
    const judge = await chosenJudge(folder, title, signal);
    const id = judge && (await judge.identify(signal));
    const own = judge && id ? { by: judge, id } : null;
    let known =
      own === null ? run : await changeRun(run.id, (each) => withJudge(each, { ...own.id, title: own.by.title }));
    const times: number[] = [];
    let startMs = ports.now();
    const tick = (): void => {
      const nowMs = ports.now();
      times.push(nowMs - startMs);
      if (times.length > TIMED_DRAWS) times.shift();
      startMs = nowMs;
      store.setState(({ progress, version }) => ({
        version: version + 1,
        progress: { ...progress, drawn: results.draws.size, drawMs: mean(times) },
      }));
    };
    store.setState({ activity: 'drawing' });
    const loopPorts: LoopPorts = {
      async withEngine(use) {
        await assertCurrent();
        return ports.withEngine(
          folder,
          async (engine, info) => {
            const found = modelOf(folder, title, info, run.settings);
            if (known.model === null) known = await changeRun(run.id, (each) => ({ ...each, model: found }));
            else if (known.model.hash !== found.hash)
              throw new PairCompError(
                'The model’s files have changed since this run began, so it cannot go on; start a new run.',
              );
            // Waiting for the bench is no part of the time of a draw.
            startMs = ports.now();
            return use(engine, info);
          },
          signal,
        );
      },
      store: records,
      isSkipped: (pair) => known.skipped.some((each) => each.pair === pair),
      async skip(pair, reason) {
        known = await changeRun(run.id, (each) => ({ ...each, skipped: [...each.skipped, { pair, reason }] }));
        bump();
      },
      pixels: async (tokens) => {
        const [image] = await decode(folder, [tokens]);
        if (image === undefined) throw new EngineError('failed', { detail: 'the pixel decoder gave no picture' });
        return image;
      },
      onProgress: tick,
      isPausing,
    };
    const { images, settings } = run;
    await runLoop({ id: run.id, pairs: chosenPairs(run), images, settings, judge: own, results }, loopPorts, signal);
  };

  /** One piece of work at a time; what goes wrong is said. */
  const begin = async (
    activity: 'preparing' | 'drawing',
    task: (signal: AbortSignal, isPausing: () => boolean) => Promise<void>,
  ): Promise<void> => {
    if (active !== null) return;
    const abort = new AbortController();
    let settle: () => void = () => undefined;
    const own = { abort, pausing: false, done: new Promise<void>((resolve) => (settle = resolve)) };
    active = own;
    store.setState({ activity, problem: null });
    try {
      await task(abort.signal, () => own.pausing);
    } catch (error) {
      if (!abort.signal.aborted || toEngineError(error).code !== 'aborted') fail(error);
    } finally {
      active = null;
      store.setState({ activity: 'none' });
      settle();
    }
  };

  const goOn = async (run: Run, signal: AbortSignal, isPausing: () => boolean): Promise<void> => {
    const worked = await ports.alone(`pairscope-paircomp ${run.id}`, async () => {
      await work(run, signal, isPausing);
      return true;
    });
    if (worked === null) throw new PairCompError('This run goes on in another tab already.');
  };

  const stop = async (): Promise<void> => {
    const current = active;
    current?.abort.abort();
    await current?.done;
  };

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

  const newRun = (pairs: PairsAtHand, from: Pick<Run, 'chosen' | 'images' | 'settings' | 'folder' | 'model'>): Run => ({
    id: ports.newId(),
    createdMs: Date.now(),
    pairsTitle: pairs.title,
    pairs: pairs.pairs,
    judges: [],
    skipped: [],
    ...from,
  });

  const controller: PaircompController = {
    async open() {
      const records = await keep();
      if (store.getState().isOpen) return;
      const runs = [...(await records.runs().catch(() => []))].sort((one, other) => other.createdMs - one.createdMs);
      const endpoint = ports.readEndpoint();
      store.setState(({ form }) => ({
        isOpen: true,
        lasting: records.lasting,
        runs,
        form: endpoint === null ? form : { ...form, endpoint, rememberEndpoint: true },
      }));
      const [latest] = runs;
      if (latest !== undefined && store.getState().run === null) await controller.show(latest.id);
    },

    setForm: (change) => store.setState(({ form }) => ({ form: { ...form, ...change } })),

    loadBuiltIn: () => load('built-in', ports.fetchBuiltIn),
    loadAuthors: () => load('authors', ports.fetchAuthors),
    loadFile: (read) => load('file', read),

    start: () =>
      begin('preparing', async (signal, isPausing) => {
        const { pairs, form } = store.getState();
        if (pairs === null) throw new PairCompError('Choose pairs first.');
        const chosen = choosePairs(pairs.pairs, { categories: form.categories, limit: limitOf(form) });
        if (chosen.length === 0) throw new PairCompError('No pair of the file is in these categories.');
        const seed = seedOf(form);
        // What is wrong with the judge's address is better said before anything is drawn.
        if (form.judge === 'endpoint') ports.endpointJudge(form.endpoint);
        if (form.settings !== null)
          settingsOf(form, {
            seed: 0,
            coupling: 'independent',
            guidanceWeight: 1,
            temperature: 1,
            topK: 0,
            topP: 1,
            plausibility: 0,
            greedy: false,
          });
        const { folder, title } = await ports.currentModel(signal);
        if (form.judge === 'janus') ports.janusJudge(folder, title);
        const places = new Map(pairs.pairs.map(({ index }, place) => [index, place]));
        // Loads the model, unless it is loaded.
        const info = await ports.withEngine(folder, (_, loaded) => Promise.resolve(loaded), signal);
        const settings = { ...settingsOf(form, info.defaults), seed };
        const run = newRun(pairs, {
          chosen: chosen.flatMap(({ index }) => places.get(index) ?? []),
          images: form.images,
          settings,
          folder,
          model: modelOf(folder, title, info, settings),
        });
        await (await keep()).putRun(run);
        showRun(run, emptyResults());
        await goOn(run, signal, isPausing);
      }),

    resume: () =>
      begin('drawing', async (signal, isPausing) => {
        const { run } = store.getState();
        if (run !== null) await goOn(run, signal, isPausing);
      }),

    pause() {
      if (active === null) return;
      active.pausing = true;
      store.setState({ activity: 'pausing' });
    },

    stop: () => void stop(),

    async show(id) {
      await stop();
      const run = store.getState().runs.find((each) => each.id === id);
      if (run === undefined) {
        store.setState(({ version }) => ({
          run: null,
          results: emptyResults(),
          version: version + 1,
          progress: { drawn: 0, total: 0, drawMs: null },
        }));
        return;
      }
      try {
        const records = await keep();
        const results = emptyResults();
        for (const draw of await records.draws(run.id)) addDraw(results, draw);
        for (const judged of await records.scores(run.id)) addJudged(results, judged);
        showRun(run, results);
      } catch (error) {
        fail(error);
      }
    },

    async remove(id) {
      if (store.getState().run?.id === id) await controller.show(null);
      try {
        await (await keep()).remove(id);
        store.setState(({ runs }) => ({ runs: runs.filter((each) => each.id !== id) }));
      } catch (error) {
        fail(error);
      }
    },

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

    scoresFile(judge) {
      const { run, results } = store.getState();
      if (run === null) throw new PairCompError('There is no run.');
      const { scored } = tallyOf(run, results, judge);
      return formatScores(
        [...scored].sort((one, other) => one.index - other.index),
        { images: run.images },
      );
    },

    importScores: (text, judge) =>
      begin('preparing', async () => {
        const { run: shown, pairs } = store.getState();
        const of = shown?.pairs ?? pairs?.pairs;
        if (of === undefined) throw new PairCompError('Choose the pairs first that the scores are of.');
        const images = shown?.images ?? 2;
        const { scored, problems } = parseScores(text, { pairs: of, repeats: pairs?.repeats ?? [] }, { images });
        const records = await keep();
        let run = shown;
        if (run === null && pairs !== null) {
          const settings: SamplingSettings = {
            seed: 0,
            coupling: 'independent',
            guidanceWeight: 1,
            temperature: 1,
            topK: 0,
            topP: 1,
            plausibility: 0,
            greedy: false,
          };
          run = newRun(pairs, { chosen: [], images, settings, folder: null, model: null });
          await records.putRun(run);
          showRun(run, emptyResults());
        }
        if (run === null) return;
        const by: RunJudge = { id: 'imported', version: judge, title: `${judge}, from a file` };
        const rows = run.chosen.length === 0 ? null : new Set(chosenPairs(run).map(({ index }) => index));
        const judged: Judged[] = scored
          .filter(({ index }) => rows === null || rows.has(index))
          .flatMap(({ index, scores }) =>
            scores.map((score, place) => ({
              judge: { id: by.id, version: by.version },
              pair: index,
              prompt: Math.floor(place / images),
              image: place % images,
              score: { score },
            })),
          );
        if (judged.length === 0) throw new PairCompError('The scores file has no scores of the pairs of this run.');
        await records.removeScores(run.id, by);
        await records.putScores(run.id, judged);
        const { results } = store.getState();
        results.scores.delete(judgeKey(by));
        for (const each of judged) addJudged(results, each);
        await changeRun(run.id, (each) => ({
          ...each,
          judges: [...each.judges.filter((other) => judgeKey(other) !== judgeKey(by)), by],
        }));
        bump();
        const left = scored.length - judged.length / (2 * images);
        store.setState({
          remarks: [
            ...problems,
            ...(left > 0
              ? [`${counted(left, 'pair')} of the file ${left === 1 ? 'is' : 'are'} no part of this run.`]
              : []),
          ],
        });
      }),

    dismiss: () => store.setState({ problem: null, remarks: [] }),
  };
  return controller;
};
