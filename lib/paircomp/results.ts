import type { Score } from '@/lib/judge';
import { drawKey } from './draws';
import { type PictureId, pictureName } from './names';
import { type Draw, type Judged, judgeKey } from './run-types';

/** What a run has so far. Filled in place: too much to copy for each picture. */
export interface Results {
  readonly draws: Map<string, Draw>;
  /** Scores by judge, then by picture. */
  readonly scores: Map<string, Map<string, Score>>;
}

export const emptyResults = (): Results => ({ draws: new Map(), scores: new Map() });

export const addDraw = ({ draws }: Results, draw: Draw): void => void draws.set(drawKey(draw), draw);

export const addJudged = ({ scores }: Results, { judge, score, ...picture }: Judged): void => {
  const key = judgeKey(judge);
  const of = scores.get(key) ?? new Map<string, Score>();
  of.set(pictureName(picture), score);
  scores.set(key, of);
};

export const scoreIn = ({ scores }: Results, judge: string, picture: PictureId): Score | undefined =>
  scores.get(judge)?.get(pictureName(picture));

export const drawIn = ({ draws }: Results, pair: number, image: number): Draw | undefined =>
  draws.get(drawKey({ pair, image }));
