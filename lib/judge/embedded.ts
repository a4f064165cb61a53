import { PairCompError } from '@/lib/domain';
import type { ModelLocation } from '@/lib/models';
import type { PairCompJudge } from './judges';
import type { Judgement, JudgeRequest } from './types';

export const EMBEDDED_JUDGE = 'embedded';

/** The judge that comes with the embedded model: it reads tokens, and captions of the model's own world exactly. */
export function embeddedJudge(
  title: string,
  location: ModelLocation,
  ask: (request: JudgeRequest, signal?: AbortSignal) => Promise<Judgement>,
): PairCompJudge {
  return {
    title,
    async identify(signal) {
      const { version } = await ask({ judge: location, pictures: [], captions: [] }, signal);
      return { id: EMBEDDED_JUDGE, version };
    },
    async score({ tokens }, caption, signal) {
      const { captions } = await ask({ judge: location, pictures: [tokens], captions: [caption] }, signal);
      const [answer] = captions;
      if (answer === undefined) throw new PairCompError('The judge gave no answer.');
      if ('unreadable' in answer) return { unscored: answer.unreadable };
      const [score] = answer.scores;
      return score === undefined || !Number.isFinite(score) ? { unscored: 'The judge gave no number.' } : { score };
    },
  };
}
