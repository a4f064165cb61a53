import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeLink, parseComparisonJson } from '@/lib/comparison';
import { type FirstView, parseExampleIndex } from '@/lib/state/sharing';

const readPublic = (path: string): Promise<string> => readFile(join(process.cwd(), 'public', path), 'utf8');

/** The first recorded comparison, for the page as it is served; null where this copy has no recordings. */
export const firstView = async (): Promise<FirstView | null> => {
  try {
    const [example] = parseExampleIndex(await readPublic('examples/index.json')) ?? [];
    if (example === undefined) return null;
    const comparison = parseComparisonJson(await readPublic(example.file));
    const link = comparison.ok ? encodeLink(comparison.value) : comparison;
    return link.ok ? { example, link: link.value } : null;
  } catch {
    // Only a head start is lost: the page asks for the files itself.
    return null;
  }
};
