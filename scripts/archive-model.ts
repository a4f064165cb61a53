/**
 * Keeps of a bundled model that no longer draws only what shows the tokens of old links:
 *
 *     npx tsx scripts/archive-model.ts embedded@0123456789abcdef
 *
 * Its folder keeps the manifest, the pixel decoder and the codebook; index.json lists it as archived.
 */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DECODING_ROLES, MODEL_ROLES, parseCatalogue, parseManifest } from '@/lib/models';

/** Archives `folder` of the bundled models in `models`; returns the files that were removed. @throws Error with one sentence */
export function archiveModel(models: string, folder: string): readonly string[] {
  const index = join(models, 'index.json');
  const catalogue = parseCatalogue(readFileSync(index, 'utf8'));
  if (folder === catalogue.default)
    throw new Error(`${folder} is the model that draws; name another one as "default" in index.json first.`);
  const role = MODEL_ROLES.find((each) => catalogue.roles[each] === folder);
  if (role !== undefined)
    throw new Error(`${folder} is the ${role} model; take it out of "roles" in index.json first.`);
  if (!catalogue.models.includes(folder) && !catalogue.archived.includes(folder))
    throw new Error(`index.json does not list ${folder}.`);
  const { files } = parseManifest(readFileSync(join(models, folder, 'manifest.json')));
  const kept = new Set(['manifest.json', ...DECODING_ROLES.map((role) => files[role].path)]);
  const removed = readdirSync(join(models, folder)).filter((file) => !kept.has(file));
  for (const file of removed) rmSync(join(models, folder, file));
  const next = {
    default: catalogue.default,
    models: catalogue.models.filter((each) => each !== folder),
    archived: [...new Set([...catalogue.archived, folder])],
    ...(catalogue.judges.length > 0 && { judges: catalogue.judges }),
    ...(Object.keys(catalogue.roles).length > 0 && { roles: catalogue.roles }),
  };
  writeFileSync(index, `${JSON.stringify(next, null, 1)}\n`);
  return removed;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    const [folder = ''] = process.argv.slice(2);
    const removed = archiveModel(fileURLToPath(new URL('../public/models', import.meta.url)), folder);
    process.stdout.write(`${folder} is archived; removed ${removed.join(', ') || 'nothing'}.\n`);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
