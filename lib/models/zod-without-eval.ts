import { config } from 'zod';

// The page's content security policy forbids eval, which zod would otherwise try for speed, in workers too.
config({ jitless: true });
