import { problemOf } from '@/lib/state/page';
import type { SessionStore } from './session-store';
import type { Notice } from './session-types';

const MAXIMUM_NOTICES = 3;

/** What the page has to say: sentences that stay until they are dismissed, and words for screen readers. */
export interface Notices {
  readonly notify: (notice: Omit<Notice, 'id'>) => void;
  readonly dismiss: (id: number) => void;
  readonly announce: (text: string) => void;
  /** Says what went wrong, with a way on. */
  readonly fail: (error: unknown, action: NonNullable<Notice['action']>) => void;
  /** The newest notice's id; 0 before the first. */
  readonly newest: () => number;
  /** Takes back what was said up to and including this notice. */
  readonly forget: (newest: number) => void;
}

export const createNotices = (session: SessionStore): Notices => {
  let newest = 0;

  const announce = (announcement: string): void => session.setState({ announcement });

  const dismiss = (id: number): void =>
    session.setState((state) => ({ notices: state.notices.filter((notice) => notice.id !== id) }));

  const notify = (notice: Omit<Notice, 'id'>): void => {
    const id = ++newest;
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

  return {
    notify,
    dismiss,
    announce,
    fail(error, action) {
      const text = problemOf(error);
      notify({ tone: 'error', text, action });
      announce(text);
    },
    newest: () => newest,
    forget: (last) => session.setState((state) => ({ notices: state.notices.filter(({ id }) => id > last) })),
  };
};
