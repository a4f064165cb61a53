import { drawnSteps } from '@/lib/comparison';
import { rerun as replayTokens } from '@/lib/engine';
import { modelFolder } from '@/lib/models';
import type { BenchStore } from './bench-types';
import type { Frame } from './bench-types';
import type { EngineQueue } from './engine-queue';
import { createLiveFrame } from './live-frame';
import type { ModelLoading } from './model-loading';
import type { Notices } from './notices';
import type { Screen } from './screen';
import type { SessionStore } from './session-store';
import type { RerunState } from './session-types';

interface ReplayParts {
  readonly bench: BenchStore;
  readonly session: SessionStore;
  readonly queue: EngineQueue;
  readonly model: ModelLoading;
  readonly screen: Screen;
  readonly notices: Notices;
}

/** Rerun: the tokens on screen go through this machine's model, which says where it would have drawn others. */
export const createRerun = ({ bench, session, queue, model, screen, notices }: ReplayParts): (() => void) => {
  const replay = async (frame: Frame, signal: AbortSignal): Promise<void> => {
    const total = drawnSteps(frame.tokens);
    const report = (phase: RerunState['phase'], change: Partial<RerunState> = {}): void =>
      session.setState({
        rerun: { phase, frameKey: frame.key, steps: 0, total, report: null, filledIn: false, ...change },
      });
    report('loading');
    const { engine, info } = await model.load(modelFolder(frame), signal);
    if (signal.aborted) return;
    notices.announce('Replaying the tokens through this machine’s model.');
    const replayed = createLiveFrame(info, frame.prompts, frame.settings);
    const result = await replayTokens(engine, frame, {
      signal,
      onStep(event) {
        if (signal.aborted) return;
        replayed.apply(event);
        report('running', { steps: event.step + 1 });
      },
    });
    if (signal.aborted) return;
    // A link carries few of the numbers; the replay knows them all.
    const filledIn = frame.trace.probability === undefined && screen.fillIn(frame, replayed.frame.trace);
    report('done', { steps: result.steps, report: result, filledIn });
    const { a, b } = result.sides;
    notices.announce(`Rerun finished: the same token at ${a.agree} of ${result.steps} steps of A and ${b.agree} of B.`);
  };

  const rerun = (): void => {
    const { frame } = bench.getState();
    const kind = queue.current()?.kind;
    if (frame === null || kind === 'rerun' || kind === 'draw') return;
    queue.begin({
      kind: 'rerun',
      work: (signal) => replay(frame, signal),
      stopped() {
        session.setState({ rerun: null });
        notices.announce('Rerun stopped.');
      },
      failed(error) {
        session.setState({ rerun: null });
        notices.fail(error, { label: 'Try again', run: rerun });
      },
    });
  };
  return rerun;
};
