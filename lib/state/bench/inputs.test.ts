import { beforeEach, expect, test } from 'vitest';
import { createBenchStore } from './bench-store';
import { createTypedInputs, type TypedInputs } from './inputs';
import { createNotices } from './notices';
import { createSessionStore, type SessionStore } from './session-store';
import { createUndo, type Undo } from './undo';

let session: SessionStore;
let undo: Undo;
let typed: TypedInputs;
beforeEach(() => {
  const bench = createBenchStore();
  session = createSessionStore();
  undo = createUndo(bench, session);
  typed = createTypedInputs(bench, session, undo, createNotices(session));
});

const defaults = {
  seed: 3,
  coupling: 'coupled',
  guidanceWeight: 5,
  temperature: 1,
  topK: 0,
  topP: 1,
  plausibility: 0,
  greedy: false,
} as const;

test('prompts are swapped, and a copied one can be undone', () => {
  typed.setPrompt('a', 'a cup');
  typed.setPrompt('b', 'a red cup');
  typed.swapPrompts();
  expect(typed.read()?.prompts).toEqual({ a: 'a red cup', b: 'a cup' });
  typed.copyPrompt('b');
  expect(session.getState().prompts).toEqual({ a: 'a cup', b: 'a cup' });
  expect(undo.undo()).toBe('Copy');
  expect(session.getState().prompts).toEqual({ a: 'a red cup', b: 'a cup' });
});

test('a setting that cannot be used is named, and the way on resets all but the seed', () => {
  typed.setDefaults(defaults);
  typed.setTyped('seed', '12');
  typed.setTyped('temperature', 'hot');
  expect(typed.read()).toBeNull();
  const [notice] = session.getState().notices;
  expect(notice?.text).toContain('Temperature must be a number');
  notice?.action?.run();
  expect(typed.read()?.settings).toEqual({ ...defaults, seed: 12 });
  expect(session.getState().notices).toEqual([]);
});

test('the model’s defaults are typed only where nothing else is', () => {
  typed.setDefaults(defaults);
  expect(typed.read()?.settings).toEqual(defaults);
  typed.setPrompt('a', 'a cup');
  typed.setDefaults({ ...defaults, guidanceWeight: 2 });
  expect(typed.read()?.settings.guidanceWeight).toBe(5);
});
