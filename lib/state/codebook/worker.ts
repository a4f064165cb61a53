import { serve } from '@/lib/rpc';
import { patchVectors } from './patch-vectors';
import type { CodebookMethods } from './protocol';

serve<CodebookMethods>(self, {
  vectors: {
    // A picture that cannot be read rejects like everything else.
    call: async ({ png, codes }) => Promise.resolve(patchVectors(png, codes)),
    transfer: ({ centroids }) => [centroids.buffer],
  },
});
