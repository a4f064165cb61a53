import { EngineError, type ErrorCode, ModelError, PairCompError, toEngineError } from '@/lib/domain';
import { UsageError } from './command-line';

const USAGE_STATUS = 2;
const FAILURE_STATUS = 1;

/** The sentence about a failure, with a way on where the command line is not what was wrong, and the status with which to end. */
export function failureOf(
  error: unknown,
  usageCodes: readonly ErrorCode[],
): { readonly text: string; readonly status: number } {
  if (error instanceof UsageError || error instanceof PairCompError)
    return { text: error.message, status: USAGE_STATUS };
  if (!(error instanceof EngineError) && !(error instanceof ModelError))
    return { text: error instanceof Error ? error.message : String(error), status: FAILURE_STATUS };
  const engineError = toEngineError(error);
  const { code, message } = engineError;
  return usageCodes.includes(code)
    ? { text: message, status: USAGE_STATUS }
    : { text: `${message} ${engineError.hintWhile('giving a command')}`, status: FAILURE_STATUS };
}
