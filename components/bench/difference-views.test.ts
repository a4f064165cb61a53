import { describe, expect, it } from 'vitest';
import { differenceViews } from '@/lib/state/bench';
import { differencePanelViews } from './difference-views';

describe('the views of the difference panel', () => {
  const unique = (values: readonly string[]) => new Set(values).size === values.length;

  it('are those that the bench knows, each once', () => {
    expect(differencePanelViews.map(({ name }) => name)).toEqual(Object.keys(differenceViews));
    expect(unique(differencePanelViews.map(({ label }) => label))).toBe(true);
  });

  it('each have a key of their own, numbered as the tabs stand', () => {
    expect(differencePanelViews.map(({ shortcut }) => shortcut)).toEqual(['1', '2', '3', '4', '5']);
  });

  it.each(differencePanelViews)('$label has a legend and something to show', (view) => {
    expect(view.label).not.toBe('');
    expect(view).toHaveProperty('Legend', expect.any(Function));
    expect(view.content).toHaveProperty(view.content.kind === 'map' ? 'painter' : 'Body', expect.any(Function));
  });

  it.each(differencePanelViews)('$label offers the choices that the bench knows', ({ name, choice }) => {
    expect(choice?.options.map(({ value }) => value) ?? []).toEqual(differenceViews[name]);
  });

  it('are offered always, the judge where the model has one', () => {
    const offered = (hasJudge: boolean) =>
      differencePanelViews.filter(({ isOffered }) => isOffered?.({ hasJudge }) ?? true).map(({ name }) => name);
    expect(offered(true)).toEqual(differencePanelViews.map(({ name }) => name));
    expect(offered(false)).toEqual(['cross', 'tokens', 'divergence', 'pixels']);
  });

  it('begin with one that is always offered', () => {
    expect(differencePanelViews[0].isOffered).toBeUndefined();
  });
});
