import { ModelError } from '@/lib/domain';
import * as z from '@/lib/schema';
import { parseModelJson } from './model-json';

const folderName = z.string().check(z.regex(/^[\w.-]+@[0-9a-f]{16}$/));
/** What a bundled model is for the experiment on pairs of prompts; also its name on the command line. */
export const MODEL_ROLES = ['base', 'pair-grpo'] as const;
export type ModelRole = (typeof MODEL_ROLES)[number];

const catalogueSchema = z
  .object({
    default: folderName,
    models: z.array(folderName).check(z.minLength(1)),
    archived: z._default(z.array(folderName), []),
    judges: z._default(z.array(folderName), []),
    roles: z._default(z.partialRecord(z.enum(MODEL_ROLES), folderName), {}),
  })
  .check(
    z.refine(
      ({ models, roles }) => Object.values(roles).every((folder) => models.includes(folder)),
      'gives a role to a model that it does not list',
    ),
  );

/**
 * `public/models/index.json`: the bundled models, which one draws, and the archived ones: of those only what turns recorded tokens
 * into pictures is kept (DECODING_ROLES), so that links made with them still open. Judges have folders of their own. Roles may be missing.
 */
export type Catalogue = z.infer<typeof catalogueSchema>;

/** Reads `index.json`; throws `model-damaged` when it is not one. */
export const parseCatalogue = (text: string): Catalogue => parseModelJson(text, 'models/index.json', catalogueSchema);

/** The folder of a bundled model that can draw by its full name, its role, or the name before the `@` (the default first). */
export function findModel(catalogue: Catalogue, name: string): string | null {
  const folders = [catalogue.default, ...catalogue.models];
  const ofRole = MODEL_ROLES.find((role) => role === name);
  return (
    folders.find((folder) => folder === name) ??
    (ofRole && catalogue.roles[ofRole]) ??
    folders.find((folder) => folder.split('@')[0] === name) ??
    null
  );
}

/** Whether this site has a model, if only to show its pictures. */
export const isListed = ({ models, archived }: Catalogue, folder: string): boolean =>
  models.includes(folder) || archived.includes(folder);

/**
 * For names from elsewhere, such as a link's.
 * @throws ModelError `model-unknown`, which says so where the hash is that of a model with another name
 */
export function requireListed(catalogue: Catalogue, folder: string): void {
  if (isListed(catalogue, folder)) return;
  const hash = folder.slice(folder.lastIndexOf('@'));
  const namesake = [...catalogue.models, ...catalogue.archived].find((each) => each.endsWith(hash));
  throw new ModelError('model-unknown', { model: folder, ...(namesake && { detail: namesake }) });
}

/** Which of the bundled models draws: the default one, or one by its role. */
export type BundledChoice = 'default' | ModelRole;

/** The folder of a choice; the default's where nothing has that role. */
export const folderOfChoice = ({ default: folder, roles }: Catalogue, choice: BundledChoice): string =>
  choice === 'default' ? folder : (roles[choice] ?? folder);

/** The bundled models to choose from, each once: the default first, even where it has a role. */
export const bundledChoices = (
  catalogue: Catalogue,
): readonly { readonly choice: BundledChoice; readonly folder: string }[] => [
  { choice: 'default', folder: catalogue.default },
  ...MODEL_ROLES.flatMap((choice) => {
    const folder = catalogue.roles[choice];
    return folder === undefined || folder === catalogue.default ? [] : [{ choice, folder }];
  }),
];

const ROLE_TITLES: Readonly<Record<ModelRole, string>> = { base: 'Base', 'pair-grpo': 'Pair-GRPO' };

/** What people call a bundled model by its role; null for one without. The default is called by its own title, unless `evenDefault`. */
export function roleTitle(
  catalogue: Catalogue,
  folder: string,
  { evenDefault = false }: { readonly evenDefault?: boolean } = {},
): string | null {
  if (folder === catalogue.default && !evenDefault) return null;
  const role = MODEL_ROLES.find((each) => catalogue.roles[each] === folder);
  return role === undefined ? null : ROLE_TITLES[role];
}
