import { toEngineError } from '@/lib/domain';

/** One clear sentence and a way on for anything that can be thrown. */
export const problemOf = (error: unknown): string => {
  const { message, hint } = toEngineError(error);
  return `${message} ${hint}`;
};
