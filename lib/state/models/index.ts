/** Which models there are, which one is chosen, and how its files come here. */
export {
  useBundledCodebook,
  useCatalogue,
  useCodebookFiles,
  useIsArchived,
  useIsListed,
  useModelCard,
  useModelFiles,
  useModelTitle,
  useNameAmongModels,
  useRoleTitle,
  useTextVocabulary,
  useVocabulary,
} from './hooks';
export { fetchCatalogue, findJudge, locateBundled, locateModel, openBundledModel } from './model-files';
export {
  createModelLibrary,
  isOf,
  keyOf,
  type LibraryPorts,
  type LibraryState,
  type Licence,
  type ModelLibrary,
  type Proposal,
} from './model-library';
export {
  probeMemory,
  type ProviderChoice,
  readHubEndpoint,
  readProviderChoice,
  writeHubEndpoint,
  writeProviderChoice,
  writeTheme,
} from './preferences';
