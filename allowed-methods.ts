const READING: readonly string[] = ['GET', 'HEAD'];
/** What a route may answer. */
const OF_ROUTES: readonly string[] = [...READING, 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE'];

/**
 * The methods that may be asked of an address, as a request line writes it: pages and files are only read; what is under `/api/` answers for
 * itself, but for methods that no route can have, as TRACE.
 */
export function allowedMethods(address: string, basePath = ''): readonly string[] {
  const isParsed = URL.canParse(address, 'http://localhost');
  const { pathname } = new URL(isParsed ? address : '/', 'http://localhost');
  return pathname.startsWith(`${basePath}/api/`) ? OF_ROUTES : READING;
}
