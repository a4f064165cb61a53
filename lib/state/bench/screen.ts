import { type Comparison, drawnSteps, type Trace } from '@/lib/comparison';
import type { DecodedImage, Pair } from '@/lib/domain';
import type { BenchStore } from './bench-types';
import type { Frame } from './bench-types';
import type { EngineQueue } from './engine-queue';
import type { TypedInputs } from './inputs';
import { comparisonOf, frameOf } from './live-frame';
import type { Notices } from './notices';
import { isStale, type SessionStore } from './session-store';
import type { Source } from './session-types';
import type { Undo } from './undo';

export interface ShowOptions {
  /** Pictures, where they need not be decoded. */
  readonly images?: Pair<DecodedImage>;
  /** Leaves what is typed alone, unless nothing is. */
  readonly keepTyped?: boolean;
}

/** The comparison on screen: put there, shared, and brought back. */
export interface Screen {
  /** Puts a comparison on screen. What was there and what was typed can be brought back. */
  readonly show: (comparison: Comparison, source: Source, options?: ShowOptions) => void;
  /** The comparison on screen as it is shared; null while nothing is drawn. */
  readonly shareable: () => Comparison | null;
  readonly undo: () => void;
  /** Gives a frame on screen all its numbers. What is shared stays as it was; false where another frame is on screen. */
  readonly fillIn: (frame: Frame, trace: Trace) => boolean;
}

interface ScreenParts {
  readonly bench: BenchStore;
  readonly session: SessionStore;
  readonly queue: EngineQueue;
  readonly typed: TypedInputs;
  readonly undo: Undo;
  readonly notices: Notices;
}

export const createScreen = ({ bench, session, queue, typed, undo, notices }: ScreenParts): Screen => {
  /** What an opened comparison held before its numbers were filled in: that is what is shared again. */
  const authored = new WeakMap<Frame, Comparison>();

  /** What draws or replays is about what was on screen; a load is not. */
  const stopWork = (): void => {
    if (queue.current()?.kind !== 'load') queue.stop();
  };

  const undoLast = (): void => {
    stopWork();
    if (undo.undo() !== null) notices.announce('Brought back what was here before.');
  };

  return {
    show(comparison, source, { images, keepTyped = false } = {}) {
      stopWork();
      const before = bench.getState();
      const { prompts } = session.getState();
      const isUnsaved = before.frame?.origin === 'live' && before.drawn > 0;
      const isTyped = prompts.a !== '' || prompts.b !== '';
      const replacesTyped = !keepTyped && isTyped && (before.frame === null || isStale(before, session.getState()));
      if (before.frame !== null || replacesTyped) undo.remember(source.kind === 'example' ? 'Choose example' : 'Open');
      const frame = frameOf(
        comparison,
        source.kind === 'example' ? 'recorded' : source.kind === 'drawn' ? 'live' : 'opened',
      );
      const steps = drawnSteps(frame.tokens);
      session.setState({ source, rerun: null });
      // What was said was about what was on screen.
      if (before.frame !== null) session.setState({ notices: [] });
      if (!keepTyped || !isTyped) typed.write(frame);
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
      if (isUnsaved || replacesTyped) {
        notices.notify({
          tone: 'info',
          text: 'What was here before is kept.',
          action: { label: 'Bring it back', run: undoLast },
        });
      }
    },

    shareable() {
      const { frame, drawn } = bench.getState();
      if (frame === null || drawn === 0) return null;
      return authored.get(frame) ?? comparisonOf(frame);
    },

    undo: undoLast,

    fillIn(frame, trace) {
      if (bench.getState().frame !== frame) return false;
      const complete = { ...frame, trace };
      authored.set(complete, comparisonOf(frame));
      bench.setState({ frame: complete });
      return true;
    },
  };
};
