import type { Judgement, JudgeRequest } from '@/lib/judge';
import { type ProviderChoice, readProviderChoice, writeProviderChoice } from '@/lib/state/models';
import { problemOf } from '@/lib/state/page';
import type { BenchStore } from './bench-types';
import { createDrawing, type Drawing } from './drawing';
import type { EnginePorts, WithEngine } from './engine-host';
import { createEngineQueue } from './engine-queue';
import { createTypedInputs, type TypedInputs } from './inputs';
import { createModelLoading } from './model-loading';
import { createNotices, type Notices } from './notices';
import { type Pictures, startPictures } from './pictures';
import { onAnimationFrame, type Scheduler } from './playhead';
import { createRerun } from './rerun';
import { createScreen, type Screen } from './screen';
import type { SessionStore } from './session-store';
import { createUndo } from './undo';

/** What each press on the bench does: to the engine, to what is on screen and to what is typed. */
export interface BenchController
  extends
    Omit<TypedInputs, 'read' | 'write'>,
    Pick<Drawing, 'run' | 'pause' | 'resume'>,
    Omit<Screen, 'fillIn'>,
    Pick<Notices, 'notify' | 'dismiss' | 'announce'> {
  /** Begins to listen; returns how to end. May be called again afterwards. */
  readonly start: () => () => void;
  /** Ends what the bench does with the engine. */
  readonly stop: () => void;
  readonly rerun: () => void;
  /** Draws the prompts and settings on screen anew on this machine. */
  readonly drawFreely: () => void;
  readonly loadModel: () => void;
  readonly chooseProvider: (choice: ProviderChoice) => void;
  /** Another model draws from now on: frees the present one and loads that, or, on demand, only where one was loaded. What is on screen stays. */
  readonly changeModel: (options?: { readonly onDemand?: boolean }) => void;
  /** Asks a judge about pictures of the model in `folder`. */
  readonly judge: (folder: string, request: JudgeRequest, signal: AbortSignal) => Promise<Judgement>;
  readonly withEngine: WithEngine;
}

export interface ControllerOptions {
  readonly bench: BenchStore;
  readonly session: SessionStore;
  readonly ports: EnginePorts;
  readonly schedule?: Scheduler;
}

/**
 * The logic of the bench, put together: `drawing` answers Run, `queue` says who holds the engine, `model` loads it, `typed` holds what is
 * typed, `screen` what is shown.
 */
export const createBenchController = ({
  bench,
  session,
  ports,
  schedule = onAnimationFrame,
}: ControllerOptions): BenchController => {
  const notices = createNotices(session);
  const undo = createUndo(bench, session);
  const queue = createEngineQueue();
  const model = createModelLoading(session, ports, notices);
  const typed = createTypedInputs(bench, session, undo, notices);
  const screen = createScreen({ bench, session, queue, typed, undo, notices });
  const drawing = createDrawing({ bench, session, queue, model, typed, undo, notices });
  const rerun = createRerun({ bench, session, queue, model, screen, notices });

  const loadModel = (): void => {
    if (queue.current() !== null) return;
    queue.begin({
      kind: 'load',
      async work(signal) {
        await model.load(null, signal);
        notices.announce('The model is ready.');
      },
      stopped: () => notices.announce('Loading stopped.'),
      failed: (error) => notices.fail(error, { label: 'Try again', run: loadModel }),
    });
  };

  return {
    ...typed,
    ...screen,
    run: drawing.run,
    pause: drawing.pause,
    resume: drawing.resume,
    stop: queue.stop,
    rerun,
    loadModel,
    notify: notices.notify,
    dismiss: notices.dismiss,
    announce: notices.announce,

    start() {
      const endDrawing = drawing.start(schedule);
      const pictures: Pictures = startPictures(bench, session, model.host, (error) => {
        notices.notify({
          tone: 'error',
          text: problemOf(error),
          action: { label: 'Try again', run: () => pictures.retry() },
        });
      });
      model.set({ choice: readProviderChoice() });
      return () => {
        queue.cancel();
        endDrawing();
        pictures.dispose();
        model.dispose();
      };
    },

    drawFreely() {
      const { frame } = bench.getState();
      if (frame === null) return;
      typed.write(frame);
      drawing.run();
    },

    chooseProvider(choice) {
      writeProviderChoice(choice);
      model.set({ choice, problem: null });
      const draw = drawing.current();
      if (draw?.live) {
        notices.announce('The next run uses it.');
        return;
      }
      const { phase } = session.getState().model;
      queue.stop();
      model.drop();
      if (draw !== null) drawing.begin(draw.inputs);
      else if (phase !== 'cold') loadModel();
    },

    changeModel({ onDemand = false } = {}) {
      const { phase } = session.getState().model;
      queue.stop();
      model.drop();
      if (!onDemand || phase !== 'cold') loadModel();
    },

    judge: (folder, request, signal) => model.host.judge(folder, request, signal),

    withEngine: (folder, work, signal) =>
      queue.withEngine(async () => {
        const { engine, info } = await model.load(folder, signal);
        return work(engine, info);
      }, signal),
  };
};
