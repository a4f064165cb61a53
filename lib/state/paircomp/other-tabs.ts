import { addDraw, addJudged, judgeKey } from '@/lib/paircomp';
import type { PaircompStore } from './paircomp-state';
import type { RunRecords } from './run-records';
import type { RunNews, RunTabs } from './run-tabs';

/** Keeps the screen at what other tabs do to the runs. */
export interface OtherTabs {
  readonly start: () => void;
  /** Looks whether another tab draws the run on screen, and follows it until that ends. */
  readonly watch: () => Promise<void>;
}

export const createOtherTabs = (store: PaircompStore, tabs: RunTabs, records: RunRecords): OtherTabs => {
  const isShown = (id: string): boolean => store.getState().run?.id === id;

  const watch = async (): Promise<void> => {
    const { run, activity, elsewhere } = store.getState();
    if (run === null || activity !== 'none' || elsewhere) return;
    const isHeld = await tabs.isHeld(run.id);
    // Meanwhile this tab may have begun to draw the run, or the person turned to another.
    if (!isHeld || !isShown(run.id) || store.getState().activity !== 'none' || store.getState().elsewhere) return;
    store.setState({ elsewhere: true });
    await tabs.whenFree(run.id);
    if (!isShown(run.id)) return;
    // A killed tab may not have told its last change.
    await records.show(run.id).catch(() => undefined);
    store.setState({ elsewhere: false });
    await watch();
  };

  const hear = (news: RunNews): void => {
    const { results } = store.getState();
    switch (news.kind) {
      case 'run':
        records.know(news.run);
        break;
      case 'draw':
        if (isShown(news.id)) addDraw(results, news.draw);
        break;
      case 'scores':
        if (!isShown(news.id)) break;
        if (news.replaced !== null) results.scores.delete(judgeKey(news.replaced));
        for (const each of news.judged) addJudged(results, each);
        break;
      case 'removed':
        if (isShown(news.id)) store.setState({ remarks: ['The run that was shown here was removed in another tab.'] });
        records.forget(news.id);
    }
    records.bump();
    void watch();
  };

  return { start: () => tabs.listen(hear), watch };
};
