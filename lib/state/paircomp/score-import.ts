import { counted, NEUTRAL_SETTINGS, PairCompError } from '@/lib/domain';
import {
  addJudged,
  type Judged,
  judgeKey,
  parseScores,
  protocolSettings,
  type RunJudge,
  type ScoredPair,
} from '@/lib/paircomp';
import { chosenPairs, type PaircompStore } from './paircomp-state';
import type { PaircompPorts } from './run-ports';
import type { RunRecords } from './run-records';
import { heldAlone } from './run-tabs';

/** Scored pairs as what one judge says of each picture: those of the first prompt stand first. */
const judgedPictures = (scored: readonly ScoredPair[], { id, version }: RunJudge, images: number): Judged[] =>
  scored.flatMap(({ index, scores }) =>
    scores.map((score, place) => ({
      judge: { id, version },
      pair: index,
      prompt: Math.floor(place / images),
      image: place % images,
      score: { score },
    })),
  );

/** Takes a scores file in as what another judge said, beside the run on screen or as a run of its own. @throws PairCompError */
export const importScores = async (
  store: PaircompStore,
  records: RunRecords,
  { tabs, newId }: Pick<PaircompPorts, 'tabs' | 'newId'>,
  text: string,
  judge: string,
): Promise<void> => {
  const { run: shown, pairs } = store.getState();
  const of = shown?.pairs ?? pairs?.pairs;
  if (of === undefined) throw new PairCompError('Choose the pairs first that the scores are of.');
  const images = shown?.images ?? 2;
  const { scored, problems } = parseScores(text, { pairs: of, repeats: pairs?.repeats ?? [] }, { images });
  const rows =
    shown === null || shown.chosen.length === 0 ? null : new Set(chosenPairs(shown).map(({ index }) => index));
  const known = scored.filter(({ index }) => rows === null || rows.has(index));
  if (known.length === 0) throw new PairCompError('The scores file has no scores of the pairs of this run.');
  const by: RunJudge = { id: 'imported', version: judge, title: `${judge}, from a file` };
  const id = shown?.id ?? newId();
  await heldAlone(tabs, id, async () => {
    if (shown !== null) await records.show(id);
    else if (pairs !== null) {
      const settings = protocolSettings(NEUTRAL_SETTINGS);
      await records.create(id, pairs, { chosen: [], images, settings, folder: null, model: null });
    }
    const judged = judgedPictures(known, by, images);
    await (await records.archive()).replaceScores(id, by, judged);
    const { results } = store.getState();
    results.scores.delete(judgeKey(by));
    for (const each of judged) addJudged(results, each);
    await records.change(id, (each) => ({
      ...each,
      judges: [...each.judges.filter((other) => judgeKey(other) !== judgeKey(by)), by],
    }));
  });
  records.bump();
  const left = scored.length - known.length;
  const remark = `${counted(left, 'pair')} of the file ${left === 1 ? 'is' : 'are'} no part of this run.`;
  store.setState({ remarks: left > 0 ? [...problems, remark] : problems });
};
