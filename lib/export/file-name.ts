import type { Comparison } from '@/lib/comparison';

/** What a downloaded file holds. */
export type ExportPart = 'a' | 'b' | 'difference' | 'comparison' | 'trace';

const extensions: Readonly<Record<ExportPart, string>> = {
  a: 'png',
  b: 'png',
  difference: 'png',
  comparison: 'json',
  trace: 'csv',
};

/** Two of these and the rest stay well below the 255 bytes that file systems allow. */
const SLUG_BYTES = 72;

const encoder = new TextEncoder();

/** Letters, digits and marks of a prompt, joined by hyphens; never a path, a hidden file or a control character. */
const slugOf = (prompt: string): string => {
  let slug = '';
  for (const word of prompt
    .normalize('NFKC')
    .toLowerCase()
    .match(/[\p{L}\p{N}\p{M}]+/gu) ?? []) {
    const longer = slug === '' ? word : `${slug}-${word}`;
    if (encoder.encode(longer).length > SLUG_BYTES) {
      if (slug !== '') break;
      // One giant word: as many whole characters as fit.
      for (const character of word) {
        if (encoder.encode(slug + character).length > SLUG_BYTES) break;
        slug += character;
      }
      break;
    }
    slug = longer;
  }
  return slug === '' ? 'empty' : slug;
};

/**
 * A file name that is safe on every system and tells what the file holds:
 * `pairscope_a-red-apple_vs_a-blue-apple_seed-7_difference.png`.
 */
export const exportFileName = (
  { prompts, settings }: Pick<Comparison, 'prompts' | 'settings'>,
  part: ExportPart,
): string => `pairscope_${slugOf(prompts.a)}_vs_${slugOf(prompts.b)}_seed-${settings.seed}_${part}.${extensions[part]}`;
