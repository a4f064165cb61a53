import { type Doing, toEngineError } from '@/lib/domain';

/** One clear sentence and a way on for anything that can be thrown. */
export const problemOf = (thrown: unknown, doing: Doing = 'drawing'): string => {
  const error = toEngineError(thrown);
  return `${error.message} ${error.hintWhile(doing)}`;
};
