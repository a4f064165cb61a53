import type { Grid, Provenance, SamplingSettings } from '@/lib/domain';
import type { JudgeId, Score } from '@/lib/judge';
import type { PromptPair } from './pairs';

/** What draws a run; known once the model is loaded for the first time. */
export interface RunModel {
  /** The key by which the model is located. */
  readonly folder: string;
  readonly title: string;
  readonly name: string;
  readonly hash: string;
  readonly grid: Grid;
  readonly codes: number;
  readonly provenance: Provenance;
}

export interface RunJudge extends JudgeId {
  readonly title: string;
}

/** A run as it is kept: what it draws, with what, and who judges. Draws and scores are kept beside it. */
export interface Run {
  readonly id: string;
  readonly createdMs: number;
  /** Where the pairs come from, for people. */
  readonly pairsTitle: string;
  /** All pairs of the file, so that a scores file can be told from one of other pairs. */
  readonly pairs: readonly PromptPair[];
  /** Places in `pairs` of those that are drawn, in the order of drawing; empty where only scores were imported. */
  readonly chosen: readonly number[];
  readonly images: number;
  /** The seed is the run's. */
  readonly settings: SamplingSettings;
  /** Folder of the model that draws; null where only scores were imported. */
  readonly folder: string | null;
  readonly model: RunModel | null;
  /** All judges with scores in the run; the first is asked while drawing. */
  readonly judges: readonly RunJudge[];
  /** Pairs that the model cannot draw, and why. */
  readonly skipped: readonly { readonly pair: number; readonly reason: string }[];
}

/** The two pictures of one draw, as tokens. */
export interface Draw {
  readonly pair: number;
  readonly image: number;
  readonly a: Int32Array;
  readonly b: Int32Array;
}

/** What one judge says of one picture. */
export interface Judged {
  readonly judge: JudgeId;
  readonly pair: number;
  readonly prompt: number;
  readonly image: number;
  readonly score: Score;
}

export const judgeKey = ({ id, version }: JudgeId): string => `${id} ${version}`;
