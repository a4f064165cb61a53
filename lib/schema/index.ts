/** Reading foreign JSON by schema: zod, set up for the pages and for workers. */
import { config } from 'zod';

// The page's content security policy forbids eval, which zod would otherwise try for speed, in workers too.
config({ jitless: true });

export * from 'zod';
