/** Speaks to other hosts from a worker of its own: the page's content security policy keeps the page itself at home. */
import { serve } from '../engine/rpc';
import type { RemoteMethods } from './protocol';
import { fetchRemote } from './remote';

const remote = fetchRemote((input, init) => fetch(input, init));

serve<RemoteMethods>(self, { ask: { call: (request, { signal }) => remote.ask(request, { signal }) } });
