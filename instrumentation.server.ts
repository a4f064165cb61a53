import type { IncomingMessage, ServerResponse } from 'node:http';

const READING = ['GET', 'HEAD'];

/**
 * Pages are read and nothing else: other methods are answered before Next sees them, since it draws a page for every one, or fails where a
 * `Request` cannot have the method, as TRACE.
 */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME === 'nodejs' && process.env.NODE_ENV === 'production') {
    const { subscribe } = await import('node:diagnostics_channel');
    subscribe('http.server.request.start', (message) => {
      const { request, response } = message as { readonly request: IncomingMessage; readonly response: ServerResponse };
      if (READING.includes(request.method ?? '')) return;
      response.writeHead(405, { Allow: READING.join(', '), 'Content-Length': 0, Connection: 'close' }).end();
    });
  }
}
