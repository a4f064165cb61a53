import { serve } from '@/lib/rpc';
import type { RemoteMethods } from './protocol';
import { fetchRemote } from './remote';

const remote = fetchRemote((input, init) => fetch(input, init));

serve<RemoteMethods>(self, { ask: { call: (request, { signal }) => remote.ask(request, { signal }) } });
