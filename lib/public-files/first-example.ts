import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseExampleIndex } from '@/lib/state/sharing';

/** Paths, relative to `public`, of the files that the first screen shows; empty where there are no recordings. */
export const firstExampleFiles = async (): Promise<readonly string[]> => {
  try {
    const text = await readFile(join(process.cwd(), 'public', 'examples', 'index.json'), 'utf8');
    const [first] = parseExampleIndex(text) ?? [];
    return first === undefined ? [] : ['examples/index.json', first.file, first.a, first.b];
  } catch {
    // Only a head start is lost: the page asks for the files itself.
    return [];
  }
};
