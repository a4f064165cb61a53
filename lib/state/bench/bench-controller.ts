import { type Comparison, drawnSteps } from '@/lib/comparison';
import {
  type DecodedImage,
  EngineError,
  type ErrorCode,
  type Pair,
  pairOf,
  type SamplingSettings,
  type Side,
} from '@/lib/domain';
import {
  type DrawRequest,
  type Engine,
  type EngineInfo,
  type EngineNotice,
  type LoadProgress,
  rerun as replayTokens,
} from '@/lib/engine';
import type { Judgement, JudgeRequest } from '@/lib/judge';
import { modelFolder } from '@/lib/models';
import { type ProviderChoice, readProviderChoice, writeProviderChoice } from '@/lib/state/models';
import { problemOf } from '@/lib/state/page';
import type { BenchStore } from './bench-store';
import type { BenchState, Frame } from './bench-types';
import { createEngineHost, type EnginePorts } from './engine-host';
import { comparisonOf, createLiveFrame, frameOf, type LiveFrame } from './live-frame';
import { type Pictures, startPictures } from './pictures';
import { onAnimationFrame, type Playhead, type Scheduler, startPlayhead } from './playhead';
import { isStale, type SessionStore } from './session-store';
import type { ModelState, Notice, RerunState, Source } from './session-types';
import { draftOf, parseDraft, sameSettings, stepSetting, type TypedSetting } from './settings-text';
import { createUndo } from './undo';

interface Inputs {
  readonly prompts: Pair<string>;
  readonly settings: SamplingSettings;
}

/** One use of the engine: a draw, a continued draw, or a rerun. */
interface Job {
  readonly kind: 'draw' | 'rerun' | 'load';
  readonly abort: AbortController;
  inputs: Inputs | null;
  /** Null while the model loads. */
  live: LiveFrame | null;
  /** The most steps that have been on screen. */
  peak: number;
  pause: { readonly promise: Promise<void>; readonly release: () => void } | null;
  /** Status to go back to if the job ends before it changes what is on screen. */
  readonly before: BenchState['status'];
  /** The newest notice when the job began: what it draws takes the place of what was said before, not of what it said itself. */
  readonly noticesBefore: number;
  finished: Promise<void>;
}

export interface BenchController {
  /** Begins to listen; returns how to end. May be called again afterwards. */
  readonly start: () => () => void;

  readonly setPrompt: (side: Side, text: string) => void;
  readonly swapPrompts: () => void;
  readonly copyPrompt: (from: Side) => void;
  readonly setTyped: (setting: TypedSetting, text: string) => void;
  readonly stepTyped: (setting: TypedSetting, direction: 1 | -1) => void;
  readonly setCoupling: (coupling: SamplingSettings['coupling']) => void;
  readonly setGreedy: (greedy: boolean) => void;
  readonly rollSeed: () => void;
  /** Sampling settings as the model's manifest has them; the seed stays. */
  readonly resetSettings: () => void;

  readonly run: () => void;
  readonly stop: () => void;
  readonly pause: () => void;
  /** Goes on after a pause or a stop. */
  readonly resume: () => void;
  readonly loadModel: () => void;
  readonly chooseProvider: (choice: ProviderChoice) => void;
  /** Another model draws from now on: frees the present one and loads that, or, on demand, only where one was loaded. What is on screen stays. */
  readonly changeModel: (options?: { readonly onDemand?: boolean }) => void;

  /** Puts a comparison on screen. What was there and what was typed can be brought back. */
  readonly show: (comparison: Comparison, source: Source, options?: ShowOptions) => void;
  /** The comparison on screen as it is shared; null while nothing is drawn. */
  readonly shareable: () => Comparison | null;
  readonly undo: () => void;
  readonly rerun: () => void;
  /** Asks a judge about pictures of the model in `folder`. */
  readonly judge: (folder: string, request: JudgeRequest, signal: AbortSignal) => Promise<Judgement>;
  /**
   * Lends the engine, with this model, to work that can wait, one short piece at a time. While the bench uses the engine the piece waits; a
   * press on the bench waits for the piece under way, and goes before the next.
   */
  readonly lend: <T>(
    folder: string,
    work: (engine: Engine, info: EngineInfo) => Promise<T>,
    signal: AbortSignal,
  ) => Promise<T>;
  /** Draws the prompts and settings on screen anew on this machine. */
  readonly drawFreely: () => void;

  readonly notify: (notice: Omit<Notice, 'id'>) => void;
  readonly dismiss: (id: number) => void;
  readonly announce: (text: string) => void;
  /** Defaults of the model, once they are known. */
  readonly setDefaults: (defaults: SamplingSettings) => void;
}

export interface ShowOptions {
  /** Pictures, where they need not be decoded. */
  readonly images?: Pair<DecodedImage>;
  /** Leaves what is typed alone, unless nothing is. */
  readonly keepTyped?: boolean;
}

export interface ControllerOptions {
  readonly bench: BenchStore;
  readonly session: SessionStore;
  readonly ports: EnginePorts;
  readonly schedule?: Scheduler;
}

const MAXIMUM_NOTICES = 3;

/** How long arrived steps are collected before the page is told. */
const ARRIVALS_MS = 100;

const expectedFallbacks: ReadonlySet<ErrorCode> = new Set(['no-webgpu', 'no-adapter', 'limits-too-small']);

const gate = (): NonNullable<Job['pause']> => {
  let release = (): void => undefined;
  const promise = new Promise<void>((resolve) => {
    release = resolve;
  });
  return { promise, release };
};

const sameInputs = (one: Inputs, other: Inputs): boolean =>
  one.prompts.a === other.prompts.a && one.prompts.b === other.prompts.b && sameSettings(one.settings, other.settings);

/** The logic of the bench: what each press does to the engine, to what is on screen and to what is typed. */
export const createBenchController = ({
  bench,
  session,
  ports,
  schedule = onAnimationFrame,
}: ControllerOptions): BenchController => {
  const undo = createUndo(bench, session);
  /** Frames that this page drew, for going on after a stop. */
  const drawnHere = new WeakMap<Frame, LiveFrame>();
  /** What an opened comparison held before a rerun filled in its numbers: that is what is shared again. */
  const authored = new WeakMap<Frame, Comparison>();
  let host = createEngineHost(ports, (notice) => hear(notice));
  let playhead: Playhead | null = null;
  let pictures: Pictures | null = null;
  let active: Job | null = null;
  /** The last job until it has let go of the engine, and the piece of work that the engine is lent to; both settle without failing. */
  let ending: Promise<void> | null = null;
  let lent: Promise<void> | null = null;
  let notices = 0;
  let defaults: SamplingSettings | null = null;

  const setModel = (change: Partial<ModelState>): void =>
    session.setState(({ model }) => ({ model: { ...model, ...change } }));

  const announce = (announcement: string): void => session.setState({ announcement });

  const dismiss = (id: number): void =>
    session.setState((state) => ({ notices: state.notices.filter((notice) => notice.id !== id) }));

  const notify = (notice: Omit<Notice, 'id'>): void => {
    const id = ++notices;
    const { action } = notice;
    const added: Notice = {
      ...notice,
      id,
      // A way on that was taken needs no reminder.
      ...(action === undefined ? {} : { action: { label: action.label, run: () => (dismiss(id), action.run()) } }),
    };
    session.setState((state) => ({
      notices: [...state.notices.filter(({ text }) => text !== notice.text), added].slice(-MAXIMUM_NOTICES),
    }));
  };

  /** Passes on what the engine did by itself. */
  const hear = (notice: EngineNotice): void => {
    switch (notice.kind) {
      case 'fallback': {
        const text = `${notice.message} ${notice.wayOn}`;
        setModel({ remark: text });
        // A browser without a GPU is no event; losing one, or not getting the one that was chosen, is.
        const { choice } = session.getState().model;
        if (choice === 'auto' && expectedFallbacks.has(notice.code)) announce(text);
        else notify({ tone: 'warning', text });
        break;
      }
      case 'storage':
        notify({ tone: 'warning', text: `${notice.message} ${notice.wayOn}` });
        break;
      case 'recovered':
        notify({
          tone: 'info',
          text: `${notice.code === 'device-lost' ? 'The graphics device was lost' : 'The drawing process ended unexpectedly'} and has been replaced; the drawing goes on from step ${notice.fromStep} with the same result.`,
        });
        break;
    }
  };

  /** Progress with an estimate of the time left, from the bytes that came over the network so far. */
  const loadReporter = (): ((progress: LoadProgress) => void) => {
    let first: { readonly atMs: number; readonly bytes: number } | null = null;
    return (progress) => {
      const atMs = performance.now();
      first ??= { atMs, bytes: progress.loadedBytes };
      const rate = (progress.loadedBytes - first.bytes) / (atMs - first.atMs);
      const left = progress.totalBytes - progress.loadedBytes;
      const known = progress.phase !== 'prepare' && atMs - first.atMs > 400 && rate > 0;
      setModel({ phase: 'loading', progress, secondsLeft: known ? left / rate / 1000 : null });
    };
  };

  const loadEngine = async (
    folder: string | null,
    signal: AbortSignal,
  ): Promise<{ engine: Engine; info: EngineInfo; folder: string }> => {
    const { choice, phase } = session.getState().model;
    if (phase !== 'ready')
      setModel({ phase: 'loading', progress: null, secondsLeft: null, problem: null, remark: null });
    try {
      const wanted = folder ?? (await host.defaultModel(signal));
      const { engine, info } = await host.engine(wanted, choice, { signal, onProgress: loadReporter() });
      setModel({ phase: 'ready', progress: null, secondsLeft: null, info, problem: null });
      return { engine, info, folder: wanted };
    } catch (error) {
      if (signal.aborted) setModel({ phase: 'cold', progress: null, secondsLeft: null, info: null });
      else setModel({ phase: 'failed', progress: null, secondsLeft: null, info: null, problem: problemOf(error) });
      throw error;
    }
  };

  /** Ends the job at once as far as the page is concerned; the engine follows within one chunk. */
  const cancel = (job: Job): void => {
    if (active === job) active = null;
    job.abort.abort();
    job.pause?.release();
  };

  const begin = (kind: Job['kind'], inputs: Inputs | null, work: (job: Job) => Promise<void>): void => {
    const previous = active;
    if (previous !== null) cancel(previous);
    const job: Job = {
      kind,
      abort: new AbortController(),
      inputs,
      live: null,
      peak: 0,
      pause: null,
      before: bench.getState().status,
      noticesBefore: notices,
      finished: Promise.resolve(),
    };
    active = job;
    job.finished = (async () => {
      await previous?.finished;
      await lent;
      try {
        if (active === job) await work(job);
      } catch (error) {
        if (active === job) fail(job, error);
      } finally {
        if (active === job) active = null;
        if (ending === job.finished) ending = null;
      }
    })();
    ending = job.finished;
  };

  const lend = async <T>(
    folder: string,
    work: (engine: Engine, info: EngineInfo) => Promise<T>,
    signal: AbortSignal,
  ): Promise<T> => {
    const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    for (let busy = ending ?? lent; busy !== null && !signal.aborted; busy = ending ?? lent)
      await Promise.race([busy, aborted]);
    if (signal.aborted) throw new EngineError('aborted');
    const piece = (async () => {
      const { engine, info } = await loadEngine(folder, signal);
      return work(engine, info);
    })();
    const settled = piece.then(
      () => undefined,
      () => undefined,
    );
    lent = settled;
    try {
      return await piece;
    } finally {
      if (lent === settled) lent = null;
    }
  };

  const fail = (job: Job, error: unknown): void => {
    const began = job.live !== null;
    if (job.kind === 'rerun') session.setState({ rerun: null });
    if (job.kind === 'draw') {
      playhead?.finish();
      bench.setState({ status: began ? 'failed' : job.before });
    }
    const text = problemOf(error);
    const again = job.kind === 'draw' ? (began ? resume : run) : job.kind === 'rerun' ? rerun : loadModel;
    notify({ tone: 'error', text, action: { label: began ? 'Go on from here' : 'Try again', run: again } });
    announce(text);
  };

  const draw = (inputs: Inputs, continued: LiveFrame | null): void => {
    begin('draw', inputs, async (job) => {
      const { engine, info } = await loadEngine(
        continued === null ? null : modelFolder(continued.frame),
        job.abort.signal,
      );
      if (active !== job || job.inputs === null) return;
      const { prompts, settings } = job.inputs;
      const live = continued ?? createLiveFrame(info, prompts, settings);
      const from = continued === null ? 0 : drawnSteps(live.frame.tokens);
      const alreadyMs = continued === null ? 0 : (bench.getState().elapsedMs ?? 0);
      const forced = pairOf((side) => live.frame.tokens[side].slice());
      const request: DrawRequest = from > 0 ? { prompts, settings, forced } : { prompts, settings };
      let arrived = from;
      let beganMs = performance.now();
      let pending: ReturnType<typeof setTimeout> | null = null;
      const flush = (): void => {
        if (pending !== null) clearTimeout(pending);
        pending = null;
        if (active !== job) return;
        const elapsedMs = alreadyMs + performance.now() - beganMs;
        bench.setState({ drawn: arrived, elapsedMs });
        setModel({ tokensPerSecond: (2 * arrived * 1000) / elapsedMs });
      };
      for await (const event of engine.draw(request, { signal: job.abort.signal })) {
        if (active !== job) return;
        if (event.step < from) continue;
        // Only now, so that a draw that cannot begin leaves what was on screen.
        if (job.live === null) present(job, live, continued !== null);
        live.apply(event);
        arrived = event.step + 1;
        // Steps come by the dozen: the page hears of them together, and only the canvases keep up with each.
        pending ??= setTimeout(flush, arrived === from + 1 ? 0 : ARRIVALS_MS);
        if (job.pause !== null) {
          flush();
          const pausedMs = performance.now();
          await job.pause.promise;
          beganMs += performance.now() - pausedMs;
          if (active !== job) return;
        }
      }
      flush();
      if (active !== job) return;
      bench.setState({ status: 'done' });
      announce('The pair is finished.');
    });
    bench.setState({ status: 'loading' });
  };

  /** Puts the frame that a job draws on screen, in place of what was there. */
  const present = (job: Job, live: LiveFrame, goesOn: boolean): void => {
    const from = drawnSteps(live.frame.tokens);
    if (!goesOn) {
      if (bench.getState().frame !== null) undo.remember('Run', job.before);
      session.setState((state) => ({
        source: { kind: 'drawn' },
        rerun: null,
        notices: state.notices.filter(({ id }) => id > job.noticesBefore),
      }));
      bench.setState({
        images: { a: null, b: null },
        imagesFrom: 0,
        hoveredStep: null,
        lockedStep: null,
        elapsedMs: 0,
      });
    }
    job.live = live;
    job.peak = from;
    drawnHere.set(live.frame, live);
    bench.setState({ frame: live.frame, drawn: from, revealed: from, status: 'drawing', replaying: false });
    playhead?.follow(true);
    announce(goesOn ? 'Drawing goes on.' : 'Drawing.');
  };

  const currentInputs = (): Inputs | null => {
    const { prompts, settings } = session.getState();
    const parsed = parseDraft(settings);
    if (parsed.settings !== null) return { prompts, settings: parsed.settings };
    const text = Object.values(parsed.problems)[0] ?? 'A setting cannot be used.';
    notify({ tone: 'error', text, action: { label: 'Reset the settings', run: resetSettings } });
    announce(text);
    return null;
  };

  const run = (): void => {
    const inputs = currentInputs();
    if (inputs === null) return;
    const job = active;
    if (job !== null && job.kind === 'draw' && job.inputs !== null) {
      if (job.live === null) {
        // Still loading: what was asked for last is what will be drawn.
        job.inputs = inputs;
        announce('The model is loading; drawing starts by itself.');
        return;
      }
      if (sameInputs(job.inputs, inputs)) {
        if (job.pause !== null) resume();
        else announce('This pair is being drawn already.');
        return;
      }
      stop();
    }
    draw(inputs, null);
  };

  const stop = (): void => {
    const job = active;
    if (job === null) return;
    cancel(job);
    if (job.kind === 'rerun') {
      session.setState({ rerun: null });
      announce('Rerun stopped.');
    } else if (job.live === null) {
      if (job.kind === 'draw') bench.setState({ status: job.before });
      announce('Loading stopped.');
    } else {
      // What has been on screen stays; tokens that had arrived but were not yet shown are discarded.
      job.live.truncate(job.peak);
      const { revealed } = bench.getState();
      bench.setState({ status: 'stopped', drawn: job.peak, revealed: Math.min(revealed, job.peak), replaying: false });
      playhead?.follow(false);
      announce(`Stopped after ${job.peak} steps.`);
    }
  };

  const pause = (): void => {
    if (active === null || active.live === null || active.pause !== null) return;
    active.pause = gate();
    playhead?.follow(false);
    bench.setState({ status: 'paused', replaying: false });
    announce('Paused.');
  };

  const resume = (): void => {
    const job = active;
    if (job !== null && job.pause !== null) {
      job.pause.release();
      job.pause = null;
      bench.setState({ status: 'drawing', replaying: false });
      playhead?.follow(true);
      announce('Drawing goes on.');
      return;
    }
    const { frame, status } = bench.getState();
    const live = frame === null ? undefined : drawnHere.get(frame);
    if (live === undefined || (status !== 'stopped' && status !== 'failed')) return;
    draw({ prompts: live.frame.prompts, settings: live.frame.settings }, live);
  };

  const loadModel = (): void => {
    if (active !== null) return;
    begin('load', null, async (job) => {
      await loadEngine(null, job.abort.signal);
      announce('The model is ready.');
    });
  };

  const chooseProvider = (choice: ProviderChoice): void => {
    writeProviderChoice(choice);
    setModel({ choice, problem: null });
    const job = active;
    if (job !== null && job.live !== null) {
      announce('The next run uses it.');
      return;
    }
    const { phase } = session.getState().model;
    if (job !== null) stop();
    host.dropEngine();
    setModel({ phase: 'cold', info: null, progress: null, secondsLeft: null, tokensPerSecond: null });
    if (job?.kind === 'draw' && job.inputs !== null) draw(job.inputs, null);
    else if (phase !== 'cold') loadModel();
  };

  const changeModel = ({ onDemand = false }: { readonly onDemand?: boolean } = {}): void => {
    const { phase } = session.getState().model;
    if (active !== null) stop();
    host.dropEngine();
    setModel({ phase: 'cold', info: null, progress: null, secondsLeft: null, tokensPerSecond: null, problem: null });
    if (!onDemand || phase !== 'cold') loadModel();
  };

  const show = (comparison: Comparison, source: Source, { images, keepTyped = false }: ShowOptions = {}): void => {
    if (active !== null && active.kind !== 'load') stop();
    const before = bench.getState();
    const { prompts } = session.getState();
    const unsaved = before.frame?.origin === 'live' && before.drawn > 0;
    const isTyped = prompts.a !== '' || prompts.b !== '';
    const typed = !keepTyped && isTyped && (before.frame === null || isStale(before, session.getState()));
    if (before.frame !== null || typed) undo.remember(source.kind === 'example' ? 'Choose example' : 'Open');
    const frame = frameOf(
      comparison,
      source.kind === 'example' ? 'recorded' : source.kind === 'drawn' ? 'live' : 'opened',
    );
    const steps = drawnSteps(frame.tokens);
    session.setState({ source, rerun: null });
    // What was said was about what was on screen.
    if (before.frame !== null) session.setState({ notices: [] });
    if (!keepTyped || !isTyped) session.setState({ prompts: frame.prompts, settings: draftOf(frame.settings) });
    bench.setState({
      frame,
      drawn: steps,
      revealed: steps,
      replaying: false,
      status: 'done',
      images: images ?? { a: null, b: null },
      imagesFrom: images === undefined ? 0 : steps,
      elapsedMs: null,
      hoveredStep: null,
      lockedStep: null,
    });
    if (unsaved || typed) {
      notify({
        tone: 'info',
        text: 'What was here before is kept.',
        action: { label: 'Bring it back', run: undoLast },
      });
    }
  };

  const shareable = (): Comparison | null => {
    const { frame, drawn } = bench.getState();
    if (frame === null || drawn === 0) return null;
    return authored.get(frame) ?? comparisonOf(frame);
  };

  const undoLast = (): void => {
    if (active !== null && active.kind !== 'load') stop();
    const label = undo.undo();
    if (label !== null) announce('Brought back what was here before.');
  };

  const rerun = (): void => {
    const { frame } = bench.getState();
    if (frame === null || active?.kind === 'rerun') return;
    if (active !== null && active.kind === 'draw') return;
    const total = drawnSteps(frame.tokens);
    begin('rerun', null, async (job) => {
      const report = (phase: RerunState['phase'], change: Partial<RerunState> = {}): void =>
        session.setState({
          rerun: { phase, frameKey: frame.key, steps: 0, total, report: null, filledIn: false, ...change },
        });
      report('loading');
      const { engine, info } = await loadEngine(modelFolder(frame), job.abort.signal);
      if (active !== job) return;
      announce('Replaying the tokens through this machine’s model.');
      const replayed = createLiveFrame(info, frame.prompts, frame.settings);
      const result = await replayTokens(engine, frame, {
        signal: job.abort.signal,
        onStep(event) {
          if (active !== job) return;
          replayed.apply(event);
          report('running', { steps: event.step + 1 });
        },
      });
      if (active !== job) return;
      // A link carries few of the numbers; the replay knows them all.
      const filledIn = frame.trace.probability === undefined && bench.getState().frame === frame;
      if (filledIn) {
        const complete = { ...frame, trace: replayed.frame.trace };
        authored.set(complete, comparisonOf(frame));
        bench.setState({ frame: complete });
      }
      report('done', { steps: result.steps, report: result, filledIn });
      const { a, b } = result.sides;
      announce(`Rerun finished: the same token at ${a.agree} of ${result.steps} steps of A and ${b.agree} of B.`);
    });
  };

  const drawFreely = (): void => {
    const { frame } = bench.getState();
    if (frame === null) return;
    session.setState({ prompts: frame.prompts, settings: draftOf(frame.settings) });
    run();
  };

  const setTyped = (setting: TypedSetting, text: string): void =>
    session.setState(({ settings }) => ({ settings: { ...settings, typed: { ...settings.typed, [setting]: text } } }));

  const resetSettings = (): void => {
    const { settings } = session.getState();
    const from = defaults ?? session.getState().model.info?.defaults ?? bench.getState().frame?.settings;
    if (from === undefined) return;
    const draft = draftOf(from);
    const seed =
      parseDraft({ ...draft, typed: { ...draft.typed, seed: settings.typed.seed } }).settings === null
        ? draft.typed.seed
        : settings.typed.seed;
    session.setState({ settings: { ...draft, typed: { ...draft.typed, seed } } });
    announce('Settings are the model’s own again.');
  };

  return {
    start() {
      host = createEngineHost(ports, hear);
      playhead = startPlayhead(bench, schedule);
      pictures = startPictures(bench, session, host, (error) => {
        notify({ tone: 'error', text: problemOf(error), action: { label: 'Try again', run: () => pictures?.retry() } });
      });
      setModel({ choice: readProviderChoice() });
      const unsubscribe = bench.subscribe(({ revealed }) => {
        if (active?.live) active.peak = Math.max(active.peak, revealed);
      });
      return () => {
        unsubscribe();
        if (active !== null) cancel(active);
        playhead?.dispose();
        pictures?.dispose();
        host.dispose();
        setModel({ phase: 'cold', info: null, progress: null, secondsLeft: null });
      };
    },
    setPrompt: (side, text) => session.setState(({ prompts }) => ({ prompts: { ...prompts, [side]: text } })),
    swapPrompts: () => session.setState(({ prompts: { a, b } }) => ({ prompts: { a: b, b: a } })),
    copyPrompt(from) {
      undo.remember('Copy');
      session.setState(({ prompts }) => ({ prompts: { a: prompts[from], b: prompts[from] } }));
    },
    setTyped,
    stepTyped: (setting, direction) =>
      setTyped(setting, stepSetting(setting, session.getState().settings.typed[setting], direction)),
    setCoupling: (coupling) => session.setState(({ settings }) => ({ settings: { ...settings, coupling } })),
    setGreedy: (greedy) => session.setState(({ settings }) => ({ settings: { ...settings, greedy } })),
    // Small seeds are easy to say aloud and to type.
    rollSeed: () => setTyped('seed', String(Math.floor(Math.random() * 10_000))),
    resetSettings,
    run,
    stop,
    pause,
    resume,
    loadModel,
    chooseProvider,
    changeModel,
    show,
    shareable,
    undo: undoLast,
    rerun,
    judge: (folder, request, signal) => host.judge(folder, request, signal),
    lend,
    drawFreely,
    notify,
    dismiss,
    announce,
    setDefaults(next) {
      defaults = next;
      const { prompts } = session.getState();
      // Nothing is on screen and nothing is typed: start from the model's own settings.
      if (bench.getState().frame === null && prompts.a === '' && prompts.b === '')
        session.setState({ settings: draftOf(next) });
    },
  };
};
