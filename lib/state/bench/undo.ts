import type { BenchStore } from './bench-types';
import type { BenchState } from './bench-types';
import type { SessionStore } from './session-store';
import type { SessionState } from './session-types';

const DEPTH = 20;

interface Entry {
  readonly label: string;
  readonly bench: Pick<
    BenchState,
    'frame' | 'drawn' | 'revealed' | 'images' | 'imagesFrom' | 'elapsedMs' | 'status' | 'lockedStep'
  >;
  readonly session: Pick<SessionState, 'prompts' | 'settings' | 'source' | 'rerun'>;
}

export interface Undo {
  /**
   * Keeps what is on screen and what is typed. Call it before replacing either, while nothing is being drawn;
   * `status` is what to go back to when a load has already changed it.
   */
  remember(label: string, status?: BenchState['status']): void;
  /** Brings the last remembered state back; returns its label, or null if there is none. */
  undo(): string | null;
}

export const createUndo = (bench: BenchStore, session: SessionStore): Undo => {
  const entries: Entry[] = [];
  const publish = (): void => session.setState({ undoable: entries.at(-1)?.label ?? null });
  return {
    remember(label, status = bench.getState().status) {
      const { frame, drawn, revealed, images, imagesFrom, elapsedMs, lockedStep } = bench.getState();
      const { prompts, settings, source, rerun } = session.getState();
      entries.push({
        label,
        bench: { frame, drawn, revealed, images, imagesFrom, elapsedMs, status, lockedStep },
        session: { prompts, settings, source, rerun },
      });
      if (entries.length > DEPTH) entries.shift();
      publish();
    },
    undo() {
      const entry = entries.pop();
      if (entry === undefined) return null;
      session.setState(entry.session);
      bench.setState({ ...entry.bench, replaying: false, hoveredStep: null });
      publish();
      return entry.label;
    },
  };
};
