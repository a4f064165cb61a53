import { z } from 'zod';

// The page's content security policy forbids eval, which zod would otherwise try for speed, in workers too.
z.config({ jitless: true });

export { z };
