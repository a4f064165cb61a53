'use client';
import { bundledChoices } from '@/lib/models';
import { useCatalogue } from '@/lib/state/models';

export interface ModelsToCompare {
  /** Folders of the bundled models, each once. */
  readonly folders: readonly string[];
  /** The two that are compared unless somebody chooses others: base and Pair-GRPO where both are here. */
  readonly usual: readonly [string, string];
}

/** The bundled models that can be set against each other; null where there is one only, undefined while that is not known. */
export const useModelsToCompare = (): ModelsToCompare | null | undefined => {
  const { data: catalogue, isError } = useCatalogue();
  if (catalogue === undefined) return isError ? null : undefined;
  const folders = bundledChoices(catalogue).map(({ folder }) => folder);
  const { base, 'pair-grpo': tuned } = catalogue.roles;
  const [one, other] = base !== undefined && tuned !== undefined && base !== tuned ? [base, tuned] : folders;
  return one === undefined || other === undefined ? null : { folders, usual: [one, other] };
};
