/** The one way to read foreign JSON: `parseJson` with a schema. zod, set up for the pages and for workers, is at hand to write schemas with. */
import { config } from 'zod/mini';
import { plainWords } from './plain-words';

// The page's content security policy forbids eval, which zod would otherwise try for speed, in workers too.
config({ jitless: true, customError: plainWords });

export * from 'zod/mini';
export { checkJson, type JsonFault, parseJson } from './parse-json';
