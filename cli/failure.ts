import { EngineError, type ErrorCode, ModelError, PairCompError, toEngineError } from '@/lib/domain';
import { UsageError } from './command-line';
import { systemErrorIn, systemErrorOf, systemSentence } from './system-error';

const USAGE_STATUS = 2;
const FAILURE_STATUS = 1;
/** What a shell says of a program that wrote into a closed pipe. */
const CLOSED_PIPE_STATUS = 141;

export interface Failure {
  readonly text: string;
  readonly status: number;
}

/** A package, or a file of the program, that Node does not find. */
const isMissingPart = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND';

/** What a thrown value says, without a trace of the stack. */
function reasonIn(error: unknown): string {
  const said = error instanceof Error ? error.message : typeof error === 'string' ? error : '';
  const { data } = toEngineError(said.replace(/\n *at [^]*$/, ''));
  return String(data.detail ?? 'no reason was given').replace(/\bfetch failed\b/g, 'a server could not be reached');
}

/**
 * The sentence about a failure, with a way on where the command line is not what was wrong, and the status with which to end. Names of
 * error codes and traces of the stack are no sentences, wherever the error comes from.
 */
export function failureOf(error: unknown, usageCodes: readonly ErrorCode[]): Failure {
  if (error instanceof UsageError || error instanceof PairCompError)
    return { text: error.message, status: USAGE_STATUS };
  const known = toEngineError(error);
  const { code, message, data } = known;
  if (isMissingPart(error))
    return {
      text: 'A part of the program is not installed. Run npm ci, then give the command again.',
      status: FAILURE_STATUS,
    };
  if (usageCodes.includes(code)) return { text: message, status: USAGE_STATUS };
  const refused = systemErrorOf(error) ?? (typeof data.detail === 'string' ? systemErrorIn(data.detail) : null);
  // That a model's file is not there is said better by who looked for it.
  if (refused !== null && !(refused.code === 'ENOENT' && code === 'model-missing'))
    return {
      text: systemSentence(refused, typeof data.file === 'string' ? data.file : undefined),
      status: FAILURE_STATUS,
    };
  const isForeseen = error instanceof EngineError || error instanceof ModelError || code !== 'failed';
  return {
    text: isForeseen
      ? `${message} ${known.hintWhile('giving a command')}`
      : `The command failed: ${reasonIn(error)}. Give it again; if it fails again, report this sentence.`,
    status: FAILURE_STATUS,
  };
}

/** Runs a command to its end. Whatever goes wrong, in it or behind it, is one sentence on the standard error output, and a status. */
export function runCommand(main: () => Promise<void>, usageCodes: readonly ErrorCode[]): void {
  const fail = (error: unknown): void => {
    const { text, status } = failureOf(error, usageCodes);
    process.exitCode = status;
    process.stderr.write(`${text}\n`);
  };
  // Nobody is left to read: the reader of a pipe has ended, as `head` does.
  process.stderr.on('error', () => undefined);
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(CLOSED_PIPE_STATUS);
    process.stderr.write(`${systemSentence({ code: error.code ?? 'EIO' }, 'the standard output')}\n`, () =>
      process.exit(FAILURE_STATUS),
    );
  });
  process.on('uncaughtException', (error) => {
    fail(error);
    process.exit();
  });
  main().catch(fail);
}
