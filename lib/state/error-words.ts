import { ModelError } from '../models/errors';

const file = (error: ModelError): string => error.data.file ?? 'A file';

const modelWords = (error: ModelError): string => {
  switch (error.code) {
    case 'model-missing':
      return `${file(error)} of the model is missing on the server.`;
    case 'model-truncated':
      return `${file(error)} of the model arrived incomplete.`;
    case 'model-altered':
      return `${file(error)} of the model is not what its manifest says (its SHA-256 differs), so it is not used.`;
    case 'model-damaged':
      return `${file(error)} of the model is damaged${error.data.detail === undefined ? '' : ` (${error.data.detail})`}.`;
    case 'model-unknown':
      return `The model ${error.data.model ?? 'of this comparison'} is not on this site.`;
    case 'network':
      return `${file(error)} could not be fetched; check the connection.`;
    case 'aborted':
      return 'Loading was stopped.';
  }
};

/** One clear sentence for anything that can be thrown. */
export const problemOf = (error: unknown): string => {
  if (error instanceof ModelError) return modelWords(error);
  const detail = error instanceof Error ? error.message : String(error);
  return `Something unexpected happened (${detail}).`;
};
