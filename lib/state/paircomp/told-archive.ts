import type { RunArchive } from './run-archive';
import type { RunTabs } from './run-tabs';

/** An archive whose changes, once they are kept, are told to the page's other tabs. */
export const toldArchive = (archive: RunArchive, { tell }: Pick<RunTabs, 'tell'>): RunArchive => ({
  ...archive,
  async addRun(run) {
    await archive.addRun(run);
    tell({ kind: 'run', run });
  },
  async putRun(run) {
    await archive.putRun(run);
    tell({ kind: 'run', run });
  },
  async putDraw(id, draw) {
    await archive.putDraw(id, draw);
    tell({ kind: 'draw', id, draw });
  },
  async putScores(id, judged) {
    await archive.putScores(id, judged);
    tell({ kind: 'scores', id, judged, replaced: null });
  },
  async replaceScores(id, judge, judged) {
    await archive.replaceScores(id, judge, judged);
    tell({ kind: 'scores', id, judged, replaced: judge });
  },
  async remove(id) {
    await archive.remove(id);
    tell({ kind: 'removed', id });
  },
});
