import { expect, test } from 'vitest';
import { createNotices } from './notices';
import { createSessionStore } from './session-store';

test('the three newest sentences are kept, each once, and what was said earlier can be taken back', () => {
  const session = createSessionStore();
  const notices = createNotices(session);
  const texts = () => session.getState().notices.map(({ text }) => text);
  for (const text of ['one', 'two', 'one', 'three', 'four']) notices.notify({ tone: 'info', text });
  expect(texts()).toEqual(['one', 'three', 'four']);
  const before = notices.newest();
  notices.notify({ tone: 'info', text: 'five' });
  notices.forget(before);
  expect(texts()).toEqual(['five']);
});

test('a failure is shown and spoken, and its way on takes it away', () => {
  const session = createSessionStore();
  const notices = createNotices(session);
  let taken = 0;
  notices.fail(new Error('broken'), { label: 'Try again', run: () => taken++ });
  const { notices: shown, announcement } = session.getState();
  expect(shown).toMatchObject([{ tone: 'error', text: announcement }]);
  shown[0]?.action?.run();
  expect(taken).toBe(1);
  expect(session.getState().notices).toEqual([]);
});
