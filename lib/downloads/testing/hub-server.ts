/** A server that behaves like a model hub, and can misbehave like one on a bad day. For unit tests and browser tests. */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';

/** What goes wrong with one answer. */
export type Fault =
  /** The connection is cut after so many bytes of the body. */
  | { readonly kind: 'drop'; readonly afterBytes: number }
  /** The connection stays open and brings nothing more. */
  | { readonly kind: 'stall'; readonly afterBytes: number }
  | { readonly kind: 'status'; readonly status: number; readonly retryAfter?: string }
  /** The whole file, whatever part was asked for. */
  | { readonly kind: 'ignore-range' }
  /** Another part than was asked for, honestly labelled or not. */
  | { readonly kind: 'wrong-range'; readonly shift: number; readonly honest: boolean }
  /** Says that the body is shorter than it should be, and ends it there. */
  | { readonly kind: 'short'; readonly bytes: number }
  /** Adds bytes that do not belong to the file. */
  | { readonly kind: 'long'; readonly bytes: number }
  /** One byte of the answer is another one. */
  | { readonly kind: 'alter'; readonly at: number }
  | { readonly kind: 'gzip' }
  /** A page of HTML in place of the file, with status 200, as sign-in pages of networks do. */
  | { readonly kind: 'page' };

export interface Asked {
  readonly path: string;
  readonly range: string | null;
  /** How often this path was asked for before. */
  readonly before: number;
}

export interface HubModel {
  readonly id: string;
  readonly files: Readonly<Record<string, Uint8Array>>;
  /** Branches and tags; `main` at least. */
  readonly revisions?: Readonly<Record<string, string>>;
}

/** Files of so many bytes are in large-file storage. */
const LFS_BYTES = 1000;
/** Entries on one page of a listing. */
const PAGE = 5;

export const COMMIT = '04efdf2e36cb07a034b0d94f7322356b292f0418';

const sha256 = (data: Uint8Array): string => createHash('sha256').update(data).digest('hex');
const gitName = (data: Uint8Array): string =>
  createHash('sha1').update(`blob ${data.length}\0`).update(data).digest('hex');

export class HubServer {
  /** Every request for a file's bytes, in order. */
  readonly asked: Asked[] = [];
  /** Bytes of bodies sent, by path. */
  readonly sentBytes = new Map<string, number>();
  /** Chooses what goes wrong with an answer; null for nothing. */
  fault: (asked: Asked) => Fault | null = () => null;
  /** What goes wrong with the listing. */
  listFault: () => Fault | null = () => null;
  /** Cut into pieces with pauses between, so that an answer takes so long, ms. */
  answerMs = 0;
  /** How long a connection that is about to be cut stays open, ms, so that what was sent is read. */
  lingerMs = 5;
  readonly #server: Server;

  constructor(private readonly models: readonly HubModel[]) {
    this.#server = createServer((request, response) => {
      void this.#answer(request, response);
    });
  }

  async start(port = 0): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(port, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', `http://${request.headers.host}`);
    const path = decodeURIComponent(url.pathname);
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.setHeader('Access-Control-Expose-Headers', 'X-Error-Code, ETag, Link, Accept-Ranges, Content-Range');
    response.setHeader('Access-Control-Allow-Headers', 'Range');
    if (request.method === 'OPTIONS') return void response.writeHead(204).end();

    const api = /^\/api\/models\/([^/]+\/[^/]+)\/(tree|revision)\/(.+)$/.exec(path);
    if (api) return this.#list(api, url, response);
    const resolve = /^\/([^/]+\/[^/]+)\/resolve\/([^/]+)\/(.+)$/.exec(path);
    if (resolve) {
      const [, id, revision = '', file = ''] = resolve;
      const model = this.models.find((each) => each.id === id);
      const data =
        model && Object.hasOwn(model.files, file) && commitOf(model, revision) ? model.files[file] : undefined;
      if (!data) return void response.writeHead(404, { 'X-Error-Code': 'EntryNotFound' }).end('Entry not found');
      if (data.length < LFS_BYTES) return this.#send(file, data, request, response);
      return void response.writeHead(302, { Location: `/cdn/${id}/${encodeURIComponent(file)}` }).end();
    }
    const cdn = /^\/(?:cdn|folder)\/([^/]+\/[^/]+)\/(.+)$/.exec(path);
    const [, id, file = ''] = cdn ?? [];
    const data = this.models.find((each) => each.id === id)?.files[file];
    if (!data) return void response.writeHead(404).end('Not found');
    return this.#send(file, data, request, response);
  }

  #list([, id, what, rest = '']: RegExpExecArray, url: URL, response: ServerResponse): void {
    const model = this.models.find((each) => each.id === id);
    const fault = this.listFault();
    if (fault?.kind === 'status')
      return void response.writeHead(fault.status, fault.retryAfter ? { 'Retry-After': fault.retryAfter } : {}).end();
    if (fault?.kind === 'page')
      return void response
        .writeHead(200, { 'Content-Type': 'text/html' })
        .end('<p>Please sign in to this network.</p>');
    if (!model)
      return void response.writeHead(401, { 'X-Error-Code': 'RepoNotFound' }).end('{"error":"Repository not found"}');
    const commit = commitOf(model, rest);
    if (commit === null)
      return void response.writeHead(404, { 'X-Error-Code': 'RevisionNotFound' }).end('{"error":"Invalid rev id"}');
    response.setHeader('Content-Type', 'application/json');
    if (what === 'revision') return void response.end(JSON.stringify({ id, sha: commit }));
    const folders = new Set(
      Object.keys(model.files).flatMap((path) => (path.includes('/') ? [path.slice(0, path.lastIndexOf('/'))] : [])),
    );
    const entries = [
      ...[...folders].map((path) => ({ type: 'directory', oid: '0'.repeat(40), size: 0, path })),
      ...Object.entries(model.files).map(([path, data]) => ({
        type: 'file',
        path,
        size: data.length,
        oid: gitName(data),
        ...(data.length < LFS_BYTES ? {} : { lfs: { oid: sha256(data), size: data.length, pointerSize: 130 } }),
      })),
    ];
    const from = Number(url.searchParams.get('cursor') ?? 0);
    if (from + PAGE < entries.length) {
      const next = new URL(url);
      next.searchParams.set('cursor', String(from + PAGE));
      response.setHeader('Link', `<${next.href}>; rel="next"`);
    }
    response.end(JSON.stringify(entries.slice(from, from + PAGE)));
  }

  async #send(path: string, file: Uint8Array, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const range = request.headers.range ?? null;
    const asked = { path, range, before: this.asked.filter((each) => each.path === path).length };
    this.asked.push(asked);
    const fault = this.fault(asked);
    if (fault?.kind === 'status')
      return void response.writeHead(fault.status, fault.retryAfter ? { 'Retry-After': fault.retryAfter } : {}).end();
    if (fault?.kind === 'page')
      return void response
        .writeHead(200, { 'Content-Type': 'text/html' })
        .end('<p>Please sign in to this network.</p>');
    const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(range ?? '') ?? [];
    let status = 200;
    let body = file;
    response.setHeader('Accept-Ranges', 'bytes');
    response.setHeader('Content-Type', 'application/octet-stream');
    if (first !== undefined && fault?.kind !== 'ignore-range') {
      let from = Number(first);
      if (from >= file.length) return void response.writeHead(416, { 'Content-Range': `bytes */${file.length}` }).end();
      const said = from;
      if (fault?.kind === 'wrong-range') from = Math.max(0, Math.min(file.length - 1, from + fault.shift));
      const end = last ? Math.min(Number(last) + 1, file.length) : file.length;
      status = 206;
      body = file.subarray(from, end);
      response.setHeader(
        'Content-Range',
        `bytes ${fault?.kind === 'wrong-range' && !fault.honest ? said : from}-${end - 1}/${file.length}`,
      );
    }
    if (fault?.kind === 'alter' && body.length > 0) {
      // A copy: a Buffer's own slice would alter the served file itself, and the next request would set it right again.
      body = Uint8Array.from(body);
      const at = fault.at % body.length;
      body[at] = (body[at] ?? 0) ^ 0x5a;
    }
    if (fault?.kind === 'long') body = Buffer.concat([body, new Uint8Array(fault.bytes).fill(7)]);
    if (fault?.kind === 'short') body = body.subarray(0, Math.min(fault.bytes, body.length));
    if (fault?.kind === 'gzip' && range === null) {
      body = gzipSync(body);
      response.setHeader('Content-Encoding', 'gzip');
    }
    const cut = fault?.kind === 'drop' || fault?.kind === 'stall' ? Math.min(fault.afterBytes, body.length) : null;
    response.writeHead(status, { 'Content-Length': body.length });
    const sent = cut === null ? body : body.subarray(0, cut);
    this.sentBytes.set(path, (this.sentBytes.get(path) ?? 0) + sent.length);
    const pieces = this.answerMs > 0 ? 10 : 1;
    for (let i = 0; i < pieces && !response.destroyed; i++) {
      const piece = sent.subarray(Math.floor((i * sent.length) / pieces), Math.floor(((i + 1) * sent.length) / pieces));
      if (piece.length > 0)
        await new Promise<void>((resolve) =>
          response.write(piece, () => {
            resolve();
          }),
        );
      if (this.answerMs > 0) await new Promise((resolve) => setTimeout(resolve, this.answerMs / pieces));
    }
    if (fault?.kind === 'stall') return;
    // Only after what was written has left, or it would be cut as well.
    if (fault?.kind === 'drop') setTimeout(() => response.destroy(), this.lingerMs);
    else response.end();
  }
}

function commitOf({ revisions = { main: COMMIT } }: HubModel, revision: string): string | null {
  if (Object.values(revisions).includes(revision)) return revision;
  return revisions[revision] ?? null;
}
