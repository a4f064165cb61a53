import { drawnSteps } from '@/lib/comparison';
import { pairOf } from '@/lib/domain';
import type { DrawRequest } from '@/lib/engine';
import { modelFolder } from '@/lib/models';
import type { BenchStore } from './bench-types';
import type { BenchState, Frame } from './bench-types';
import type { EngineQueue, Job } from './engine-queue';
import { findingSpoken } from './finding';
import { type Inputs, sameInputs, type TypedInputs } from './inputs';
import { createLiveFrame, type LiveFrame } from './live-frame';
import type { ModelLoading } from './model-loading';
import type { Notices } from './notices';
import { type Playhead, type Scheduler, startPlayhead } from './playhead';
import type { SessionStore } from './session-store';
import type { Undo } from './undo';

/** A draw, or the rest of one. */
export interface DrawJob extends Job {
  /** While the model loads they may still change. */
  inputs: Inputs;
  /** Null until the first step arrives. */
  live: LiveFrame | null;
  /** Null unless the draw is paused. */
  pause: Gate | null;
}

/** What is drawn on the bench. */
export interface Drawing {
  /** Draws what is typed. */
  readonly run: () => void;
  readonly pause: () => void;
  /** Goes on after a pause, a stop or a failure. */
  readonly resume: () => void;
  /** Draws from the beginning, in place of what the engine does now. */
  readonly begin: (inputs: Inputs) => void;
  readonly current: () => DrawJob | null;
  /** Begins to show tokens as they arrive; returns how to end. */
  readonly start: (schedule: Scheduler) => () => void;
}

interface DrawingParts {
  readonly bench: BenchStore;
  readonly session: SessionStore;
  readonly queue: EngineQueue;
  readonly model: ModelLoading;
  readonly typed: TypedInputs;
  readonly undo: Undo;
  readonly notices: Notices;
}

/** How long arrived steps are collected before the page is told. */
const ARRIVALS_MS = 100;

/** What there was when a draw began. */
interface Before {
  readonly status: BenchState['status'];
  readonly notice: number;
}

interface Gate {
  readonly promise: Promise<void>;
  readonly release: () => void;
}

const gate = (): Gate => {
  let release = (): void => undefined;
  const promise = new Promise<void>((resolve) => {
    release = resolve;
  });
  return { promise, release };
};

export const createDrawing = ({ bench, session, queue, model, typed, undo, notices }: DrawingParts): Drawing => {
  const { announce } = notices;
  /** Frames that this page drew, for going on after a stop. */
  const drawnHere = new WeakMap<Frame, LiveFrame>();
  let playhead: Playhead | null = null;
  let newest: DrawJob | null = null;
  /** The most steps of the newest draw that have been on screen. */
  let peak = 0;

  const current = (): DrawJob | null => (newest !== null && queue.current() === newest ? newest : null);

  const run = (): void => {
    const inputs = typed.read();
    if (inputs === null) return;
    const job = current();
    if (job === null) begin(inputs);
    else if (job.live === null) {
      // Still loading: what was asked for last is what will be drawn.
      job.inputs = inputs;
      announce('The model is loading; drawing starts by itself.');
    } else if (!sameInputs(job.inputs, inputs)) {
      queue.stop();
      begin(inputs);
    } else if (job.pause !== null) resume();
    else announce('This pair is being drawn already.');
  };

  const begin = (inputs: Inputs, continued: LiveFrame | null = null): void => {
    // What the draw puts on screen takes the place of what was said before, not of what it says itself.
    const before: Before = { status: bench.getState().status, notice: notices.newest() };
    const job: DrawJob = {
      kind: 'draw',
      inputs,
      live: null,
      pause: null,
      work: (signal) => draw(job, continued, before, signal),
      stopped() {
        if (job.live === null) {
          bench.setState({ status: before.status });
          announce('Loading stopped.');
          return;
        }
        // What has been on screen stays; tokens that had arrived but were not yet shown are discarded.
        job.live.truncate(peak);
        const revealed = Math.min(bench.getState().revealed, peak);
        bench.setState({ status: 'stopped', drawn: peak, revealed, replaying: false });
        playhead?.follow(false);
        announce(`Stopped after ${peak} steps.`);
      },
      failed(error) {
        const began = job.live !== null;
        playhead?.finish();
        bench.setState({ status: began ? 'failed' : before.status });
        notices.fail(error, began ? { label: 'Go on from here', run: resume } : { label: 'Try again', run });
      },
    };
    newest = job;
    queue.begin(job);
    bench.setState({ status: 'loading' });
  };

  const draw = async (
    job: DrawJob,
    continued: LiveFrame | null,
    before: Before,
    signal: AbortSignal,
  ): Promise<void> => {
    const { engine, info } = await model.load(continued === null ? null : modelFolder(continued.frame), signal);
    if (signal.aborted) return;
    const { prompts, settings } = job.inputs;
    const live = continued ?? createLiveFrame(info, prompts, settings);
    const from = continued === null ? 0 : drawnSteps(live.frame.tokens);
    const alreadyMs = continued === null ? 0 : (bench.getState().elapsedMs ?? 0);
    const forced = pairOf((side) => live.frame.tokens[side].slice());
    const request: DrawRequest = from > 0 ? { prompts, settings, forced } : { prompts, settings };
    let arrived = from;
    let beganMs = performance.now();
    let pending: ReturnType<typeof setTimeout> | undefined;
    const tell = (): void => {
      clearTimeout(pending);
      pending = undefined;
      if (signal.aborted) return;
      const elapsedMs = alreadyMs + performance.now() - beganMs;
      bench.setState({ drawn: arrived, elapsedMs });
      model.set({ tokensPerSecond: (2 * arrived * 1000) / elapsedMs });
    };
    signal.addEventListener('abort', () => job.pause?.release(), { once: true });
    try {
      for await (const event of engine.draw(request, { signal })) {
        if (signal.aborted) return;
        if (event.step < from) continue;
        // Only now, so that a draw that cannot begin leaves what was on screen.
        if (job.live === null) present(job, live, continued !== null, before);
        live.apply(event);
        arrived = event.step + 1;
        // Steps come by the dozen: the page hears of them together, and only the canvases keep up with each.
        pending ??= setTimeout(tell, arrived === from + 1 ? 0 : ARRIVALS_MS);
        if (job.pause !== null) {
          tell();
          const pausedMs = performance.now();
          await job.pause.promise;
          beganMs += performance.now() - pausedMs;
          if (signal.aborted) return;
        }
      }
      tell();
    } finally {
      clearTimeout(pending);
    }
    if (signal.aborted) return;
    bench.setState({ status: 'done' });
    announce(`The pair is finished. ${findingSpoken(bench.getState())}`.trim());
  };

  /** Puts the frame of a draw on screen, in place of what was there. */
  const present = (job: DrawJob, live: LiveFrame, goesOn: boolean, before: Before): void => {
    const from = drawnSteps(live.frame.tokens);
    if (!goesOn) {
      if (bench.getState().frame !== null) undo.remember('Run', before.status);
      session.setState({ source: { kind: 'drawn' }, rerun: null });
      notices.forget(before.notice);
      const images = { a: null, b: null };
      bench.setState({ images, imagesFrom: 0, hoveredStep: null, lockedStep: null, elapsedMs: 0 });
    }
    job.live = live;
    peak = from;
    drawnHere.set(live.frame, live);
    bench.setState({ frame: live.frame, drawn: from, revealed: from, status: 'drawing', replaying: false });
    playhead?.follow(true);
    announce(goesOn ? 'Drawing goes on.' : 'Drawing.');
  };

  const resume = (): void => {
    const job = current();
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
    begin({ prompts: live.frame.prompts, settings: live.frame.settings }, live);
  };

  return {
    run,
    pause() {
      const job = current();
      if (job === null || job.live === null || job.pause !== null) return;
      job.pause = gate();
      playhead?.follow(false);
      bench.setState({ status: 'paused', replaying: false });
      announce('Paused.');
    },
    resume,
    begin: (inputs) => begin(inputs),
    current,
    start(schedule) {
      const started = startPlayhead(bench, schedule);
      playhead = started;
      const unsubscribe = bench.subscribe(({ revealed }) => {
        if (current()?.live) peak = Math.max(peak, revealed);
      });
      return () => {
        unsubscribe();
        started.dispose();
      };
    },
  };
};
