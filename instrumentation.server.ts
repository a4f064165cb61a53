import type { IncomingMessage, ServerResponse } from 'node:http';
import { allowedMethods } from './allowed-methods';

/**
 * Methods that nothing here answers are refused before Next sees them, since it draws a page for every one, or fails where a `Request` cannot
 * have the method, as TRACE.
 */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME === 'nodejs' && process.env.NODE_ENV === 'production') {
    const { subscribe } = await import('node:diagnostics_channel');
    subscribe('http.server.request.start', (message) => {
      const { request, response } = message as { readonly request: IncomingMessage; readonly response: ServerResponse };
      const allowed = allowedMethods(request.url ?? '/', process.env.NEXT_PUBLIC_BASE_PATH);
      if (allowed.includes(request.method ?? '')) return;
      response.writeHead(405, { Allow: allowed.join(', '), 'Content-Length': 0, Connection: 'close' }).end();
    });
  }
}
