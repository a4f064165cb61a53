import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface TestEndpoint {
  readonly url: string;
  readonly asked: readonly { readonly authorization: string | undefined }[];
  readonly stop: () => Promise<void>;
}

/** A vision endpoint that says yes with a probability of three to one, to pages of any origin. */
export const startEndpoint = async (): Promise<TestEndpoint> => {
  const asked: { readonly authorization: string | undefined }[] = [];
  const allow = {
    'access-control-allow-origin': '*',
    'access-control-allow-headers': '*, authorization',
    'access-control-allow-private-network': 'true',
  };
  const top = [
    { token: 'Yes', logprob: Math.log(0.6) },
    { token: 'No', logprob: Math.log(0.2) },
  ];
  const server = createServer((request, response) => {
    if (request.method === 'OPTIONS') return void response.writeHead(204, allow).end();
    asked.push({ authorization: request.headers.authorization });
    request.resume().on('end', () => {
      response
        .writeHead(200, { ...allow, 'content-type': 'application/json' })
        .end(JSON.stringify({ choices: [{ logprobs: { content: [{ ...top[0], top_logprobs: top }] } }] }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
};
