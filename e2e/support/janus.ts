import { testModel } from '@/lib/models/testing';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where a tiny Janus with random weights is, in the layout of the hub. */
export const janusFolder = testModel('janus-tiny');

/** The same model's language model, as onnxruntime-genai's builder makes it. */
const builtFolder = testModel('janus-builder');

const filesOf = (folder: string): Record<string, Uint8Array> =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, encoding: 'utf8', withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => {
        const path = join(entry.parentPath, entry.name);
        return [path.slice(folder.length + 1).replaceAll('\\', '/'), readFileSync(path)];
      }),
  );

/** Its files by their paths, the language model by our exporter or by the builder of the published folders. */
export const janusFiles = (by: 'exporter' | 'builder' = 'exporter'): Record<string, Uint8Array> => ({
  ...filesOf(janusFolder),
  ...(by === 'builder' && filesOf(builtFolder)),
});
