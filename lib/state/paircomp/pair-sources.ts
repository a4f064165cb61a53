import { PairCompError } from '@/lib/domain';
import { type PairsFile, parsePairs } from '@/lib/paircomp';
import type { Remote, RemoteAnswer } from '@/lib/remote';
import { publicPath } from '@/lib/state/page';

/** Pairs that were read, and where they came from. */
export interface PairsAtHand extends PairsFile {
  readonly title: string;
}

const MAX_BYTES = 64_000_000;
const TIMEOUT_MS = 60_000;

/** The authors' file, in their own repository: it is under no licence that would let others hand it on. */
export const AUTHORS_HOST = 'raw.githubusercontent.com';
export const AUTHORS_FILE = `https://${AUTHORS_HOST}/wendell0218/FocusDiff/main/PairComp/prompt/PairComp.json`;

/** The embedded model's held-out pairs. */
export const fetchBuiltIn = async (): Promise<PairsAtHand> => {
  const response = await fetch(publicPath('paircomp/held-out.json')).catch(() => null);
  if (!response?.ok) {
    const why = response === null ? 'the connection failed' : `the server answered ${response.status}`;
    throw new PairCompError(`The built-in pairs could not be fetched: ${why}. Press Built-in to try again.`);
  }
  return { title: 'Built-in pairs', ...parsePairs(await response.text()) };
};

const WHY: Record<Exclude<RemoteAnswer['kind'], 'answer'>, string> = {
  timeout: 'it did not answer in time',
  'too-large': 'it sent far too much',
  redirected: 'it moved to another address',
  unreachable: 'it could not be reached',
};

/** Called on a press only. */
export const fetchAuthors = async (remote: Remote): Promise<PairsAtHand> => {
  const answer = await remote.ask({ url: AUTHORS_FILE, timeoutMs: TIMEOUT_MS, maxBytes: MAX_BYTES });
  if (answer.kind === 'answer' && answer.status === 200)
    return { title: 'The authors’ PairComp', ...parsePairs(answer.text) };
  const why = answer.kind === 'answer' ? `it answered ${answer.status}` : WHY[answer.kind];
  throw new PairCompError(
    `The authors’ file did not come from ${AUTHORS_HOST}: ${why}. Download it there and choose it from disk.`,
  );
};

export const readPairsFile = async (file: File): Promise<PairsAtHand> => {
  if (file.size > MAX_BYTES) throw new PairCompError('This file is larger than any file of pairs.');
  return { title: file.name, ...parsePairs(await file.text()) };
};
