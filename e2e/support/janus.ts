import { testModel } from '@/lib/models/testing';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where a tiny Janus with random weights is, in the layout of the hub. */
export const janusFolder = testModel('janus-tiny');

/** Its files by their paths. */
export const janusFiles = (): Record<string, Uint8Array> =>
  Object.fromEntries(
    readdirSync(janusFolder, { recursive: true, encoding: 'utf8', withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => {
        const path = join(entry.parentPath, entry.name);
        return [path.slice(janusFolder.length + 1).replaceAll('\\', '/'), readFileSync(path)];
      }),
  );
