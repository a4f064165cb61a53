/** Comparisons that come and go: examples, links, files, drafts. */
export { readDraft, writeDraft } from './drafts';
export { categoryNames, type Example, parseExampleIndex } from './examples';
export { openFirst } from './first-comparison';
export { type FirstView, openFirstView } from './first-view';
export { exampleIndexQuery, exampleQuery, useExamples } from './hooks';
export {
  type AllShared,
  holdsComparison,
  holdsSheet,
  readAllShared,
  readShared,
  readSharedFile,
  SHARED_FILE_TYPES,
  strayFragment,
} from './open-comparison';
export { createExampleOpener } from './open-example';
export { shareLink, shareSheetLink } from './share-link';
export { readUnsaved, writeUnsaved } from './unsaved';
export { syncViewAddress, withViewState } from './view-address';
