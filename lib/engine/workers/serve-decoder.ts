import { type Endpoint, serve } from '@/lib/rpc';
import type { TokenReader } from '../interface/engine';
import type { DecoderMethods } from './protocol';

/** Offers a pixel decoder at one end of a message channel: what the decoder worker does. */
export function serveDecoder(endpoint: Endpoint, decoder: TokenReader): void {
  serve<DecoderMethods>(endpoint, {
    load: {
      call: async ({ model }, { signal, notify }) => {
        await decoder.load(model, { signal, onProgress: notify });
        return undefined;
      },
    },
    decode: { call: ({ grids }) => decoder.decode(grids) },
    judge: { call: (request, { signal }) => decoder.judge(request, { signal }) },
    dispose: {
      call: async () => {
        await decoder.dispose();
        return undefined;
      },
    },
  });
}
