import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findModel, isHubFolder, parseCatalogue } from '@/lib/models';
import { UsageError } from './command-line';

const BUNDLED = fileURLToPath(new URL('../public/models', import.meta.url));

/** Whether a path is a folder of a model, whole or not; what is wrong with it is said when it is loaded. */
function isModelFolder(path: string): boolean {
  const names = (folder: string): string[] => {
    try {
      return readdirSync(join(path, folder)).map((name) => `${folder}${name}`);
    } catch {
      return [];
    }
  };
  const paths = [...names(''), ...names('onnx/')];
  return paths.includes('manifest.json') || isHubFolder(paths);
}

/** The folder of a bundled model (the default one for null; others by name or role), or of a model folder anywhere. @throws UsageError */
export function modelFolder(name: string | null): string {
  const index = join(BUNDLED, 'index.json');
  const catalogue = existsSync(index) ? parseCatalogue(readFileSync(index, 'utf8')) : null;
  if (name === null) {
    if (!catalogue) throw new UsageError('No model is bundled; name a model folder with --model.');
    return join(BUNDLED, catalogue.default);
  }
  const bundled = catalogue && findModel(catalogue, name);
  if (bundled) return join(BUNDLED, bundled);
  if (catalogue?.archived.includes(name))
    throw new UsageError(`The model "${name}" draws no more: only what shows its pictures is kept.`);
  if (isModelFolder(name)) return name;
  const known = catalogue ? ` (${[...Object.keys(catalogue.roles), ...catalogue.models].join(', ')})` : '';
  throw new UsageError(
    `There is no model "${name}": it is neither a bundled name${known} nor a folder with a manifest.json or a hub's config.json.`,
  );
}
