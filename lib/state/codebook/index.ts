/** Colours of the codes of a model, read in a worker, by which tokens are compared. */
export { readPatchVectors } from './client';
