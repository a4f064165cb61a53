import type { ModelLocation } from '@/lib/models';
import { type PairCompJudge, question, scoreOfFirstTokens, YES_NO } from './judges';
import type { PictureReader } from './types';

export const JANUS_JUDGE = 'janus';

/** A Janus that is asked about pictures as the benchmark asks: its own understanding, which is not the paper's judge. */
export const janusJudge = (
  title: string,
  model: ModelLocation,
  reader: Pick<PictureReader, 'version' | 'read'>,
): PairCompJudge => ({
  title,
  identify: async (signal) => ({ id: JANUS_JUDGE, version: await reader.version(model, signal ? { signal } : {}) }),
  async score({ pixels }, caption, signal) {
    const probabilities = await reader.read(
      { model, image: await pixels(), question: question(caption), words: YES_NO },
      signal ? { signal } : {},
    );
    const score = scoreOfFirstTokens(probabilities);
    return score === null ? { unscored: 'The model gave neither yes nor no any probability.' } : { score };
  },
});
