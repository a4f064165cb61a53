/** One clear sentence for anything that can be thrown. The engine's own errors bring theirs. */
export const problemOf = (error: unknown): string => {
  if (error instanceof Error && 'code' in error && error.message !== '') return error.message;
  if (error instanceof TypeError && /fetch|network/i.test(error.message)) {
    return 'A file could not be fetched; check that the server is still running.';
  }
  const detail = error instanceof Error ? error.message : String(error);
  return `Something unexpected happened (${detail}).`;
};
