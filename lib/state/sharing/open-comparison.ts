import {
  type ComparisonError,
  decodeAllShared,
  foundLinks,
  type Key,
  parseComparisonJson,
  type Shared,
  unwrapped,
} from '@/lib/comparison';
import { failure, type Result, success } from '@/lib/domain';

/** What a text or a file holds: one thing to open, or several to choose from. */
export type AllShared = Result<readonly [Shared, ...Shared[]], ComparisonError>;

/** A text that holds links, or that of a comparison.json: whatever was pasted, dropped or chosen. */
export const readAllShared = (text: string): AllShared => {
  // `trimStart` takes a byte order mark for a space, too.
  if (!/^[{[]/.test(text.trimStart())) return decodeAllShared(text);
  const comparison = parseComparisonJson(text);
  if (comparison.ok) return success([{ kind: 'comparison', comparison: comparison.value }]);
  // Messages begin with brackets as well.
  const links = decodeAllShared(text);
  return links.ok ? links : comparison;
};

/** As `readAllShared`, the first of them. */
export const readShared = (text: string): Result<Shared, ComparisonError> => {
  const all = readAllShared(text);
  return all.ok ? success(all.value[0]) : all;
};

const holds = (hash: string, key: Key): boolean => foundLinks(unwrapped(hash))[0]?.key === key;

/** Whether an address's fragment means to hold a comparison, however the address was encoded on its way. */
export const holdsComparison = (hash: string): boolean => holds(hash, 'c');

/** Whether an address's fragment means to hold model against model. */
export const holdsSheet = (hash: string): boolean => holds(hash, 'm');

/** Larger files cannot be comparisons and are not read. */
const FILE_BYTES_LIMIT = 32_000_000;

/** Kinds of files that can hold a comparison or a link to one, for a file chooser. */
export const SHARED_FILE_TYPES = '.json,application/json,.txt,text/plain,.html,.url,.webloc,.desktop,.eml';

/** The part of the page that reads mails could not be fetched. */
class UnfetchedError extends Error {
  override readonly name = 'UnfetchedError';
}

/** The texts of a mail, each as its reader sees it. */
const mailTexts = async (file: File): Promise<readonly string[]> => {
  const { default: PostalMime } = await import('postal-mime').catch(() => {
    throw new UnfetchedError();
  });
  const { text = '', html = '' } = await PostalMime.parse(await file.arrayBuffer());
  return [text, html];
};

/** What a file holds, or what is wrong with it: a comparison.json, or a mail, bookmark or text with links. */
export const readSharedFile = async (file: File): Promise<AllShared> => {
  const unreadable = (message: string): AllShared =>
    failure({
      code: 'unknown-format',
      message,
      hint: 'Choose a comparison.json that was downloaded from Pairscope.',
    });
  if (file.size > FILE_BYTES_LIMIT) return unreadable('This file is larger than any comparison.');
  try {
    if (!/\.eml$/i.test(file.name) && file.type !== 'message/rfc822') return readAllShared(await file.text());
    const [plain, rich] = (await mailTexts(file)).map(readAllShared);
    return (plain?.ok ? plain : rich?.ok ? rich : plain) ?? unreadable('This mail is empty.');
  } catch (error) {
    return error instanceof UnfetchedError
      ? failure({
          code: 'unknown-format',
          message: 'The part of this page that reads mails could not be fetched.',
          hint: 'Check the connection and open the mail again, or paste the link that is in it.',
        })
      : unreadable('This file cannot be read.');
  }
};

/**
 * The fragment of a comparison in an address that is not the bench's: behind another page, or encoded into the path on its way
 * (`/%23c=...`). Null where there is none.
 */
export const strayFragment = ({ pathname, hash }: Pick<Location, 'pathname' | 'hash'>): string | null => {
  if (holdsComparison(hash) || holdsSheet(hash)) return hash;
  const [inPath] = foundLinks(unwrapped(pathname).replace(/^[^#]*/, ''));
  return inPath === undefined ? null : `#${inPath.key}=${inPath.content}`;
};
