import * as z from 'zod';
import { ModelError } from './errors';
import './zod-without-eval';

const folderName = z.string().regex(/^[\w.-]+@[0-9a-f]{16}$/);
const catalogueSchema = z.object({
  default: folderName,
  models: z.array(folderName).min(1),
  archived: z.array(folderName).default([]),
  judges: z.array(folderName).default([]),
});

/**
 * `public/models/index.json`: the bundled models, which one draws, and the archived ones: of those only what turns recorded tokens
 * into pictures is kept (DECODING_ROLES), so that links made with them still open. Judges have folders of their own.
 */
export type Catalogue = z.infer<typeof catalogueSchema>;

/** Reads `index.json`; throws `model-damaged` when it is not one. */
export function parseCatalogue(text: string): Catalogue {
  try {
    return catalogueSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new ModelError('model-damaged', { file: 'models/index.json', detail: 'it does not list models' }, { cause });
  }
}

/** The folder of a bundled model that can draw by its full name, or by the name before the `@` (the default first). */
export function findModel(catalogue: Catalogue, name: string): string | null {
  const folders = [catalogue.default, ...catalogue.models];
  return folders.find((folder) => folder === name) ?? folders.find((folder) => folder.split('@')[0] === name) ?? null;
}
