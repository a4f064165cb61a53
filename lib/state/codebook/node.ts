/** Colours of the codes of a model, read in the thread it is called from. */
export { patchVectors } from './patch-vectors';
