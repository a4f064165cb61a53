import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findModel, parseCatalogue } from '@/lib/models';
import { UsageError } from './command-line';

const BUNDLED = fileURLToPath(new URL('../public/models', import.meta.url));

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
  if (existsSync(join(name, 'manifest.json')) || existsSync(join(name, 'config.json'))) return name;
  const known = catalogue ? ` (${[...Object.keys(catalogue.roles), ...catalogue.models].join(', ')})` : '';
  throw new UsageError(
    `There is no model "${name}": it is neither a bundled name${known} nor a folder with a manifest.json or a hub's config.json.`,
  );
}
