import { decodeLink } from '@/lib/comparison';
import { draftOf, type Frame, frameOf, type SessionState } from '@/lib/state/bench';
import type { Example } from './examples';

/** The recorded comparison that the page is served with, as a link carries it: small enough to travel in the page itself. */
export interface FirstView {
  readonly example: Example;
  /** `#c=...` */
  readonly link: string;
}

export interface OpenedFirstView {
  readonly frame: Frame;
  readonly session: Pick<SessionState, 'prompts' | 'settings' | 'source'>;
}

/** What bench and session begin with; null where there is nothing to begin with. */
export const openFirstView = (first: FirstView | null): OpenedFirstView | null => {
  if (first === null) return null;
  const comparison = decodeLink(first.link);
  if (!comparison.ok) return null;
  const { prompts, settings } = comparison.value;
  const { id, title } = first.example;
  return {
    frame: frameOf(comparison.value, 'recorded'),
    session: { prompts, settings: draftOf(settings), source: { kind: 'example', id, title } },
  };
};
