import { ModelError } from '@/lib/domain';
import { type FileDigest, isFileDigest, sha256Hex } from '@/lib/models';
import * as z from '@/lib/schema';
import { isCommit, type ModelOrigin, originName } from './origin';
import { bodyOf, type Net, request } from './request';

/** One file of a model as its origin lists it. */
export interface ListedFile {
  /** Relative to the model's folder, with slashes. */
  readonly path: string;
  readonly bytes: number;
  readonly digest: FileDigest;
}

/** Every file of a model at one revision, before any of them is downloaded. */
export interface Listing {
  /** With a commit in place of a branch's name, so that all files are of one state. */
  readonly origin: ModelOrigin;
  readonly files: readonly ListedFile[];
}

const MAX_LIST_BYTES = 4 * 2 ** 20;
const MAX_PAGES = 20;
/** Nothing larger is fetched on a listing's word. */
const MAX_FILE_BYTES = 16 * 2 ** 30;

/** No way out of the folder, and nothing that two systems read differently. */
export const isSafePath = (path: string): boolean =>
  path.length <= 300 && path.split('/').every((part) => /^[\w .+@()=,-]+$/.test(part) && part !== '.' && part !== '..');

const bytesSchema = z.number().check(z.int(), z.gte(0), z.lte(MAX_FILE_BYTES));
const UNSAFE_PATH = 'leads out of the folder, or has characters that not every system knows';
const digestSchema = z.custom<FileDigest>(
  (value) => typeof value === 'string' && isFileDigest(value),
  'is not a digest',
);
const pathSchema = z.string().check(z.refine(isSafePath, UNSAFE_PATH));

const treeSchema = z.array(
  z.object({
    type: z.string(),
    path: z.string(),
    size: z.number(),
    oid: z.string(),
    lfs: z.optional(z.object({ oid: z.string(), size: z.number() })),
  }),
);

const fileSchema = z.object({ path: pathSchema, bytes: bytesSchema, digest: digestSchema });

const commitSchema = z.object({ sha: z.string().check(z.refine(isCommit, 'is not a commit')) });

/** What the hub answers about a model; throws `model-damaged` where that is something else. */
async function readAnswer<S extends z.ZodMiniType>(response: Response, model: string, schema: S): Promise<z.output<S>> {
  const text = new TextDecoder().decode(await bodyOf(response, { model }));
  if (text.length > MAX_LIST_BYTES) throw new ModelError('model-damaged', { model, detail: 'it is too long' });
  const parsed = z.parseJson(text, schema);
  if (!parsed.ok) throw new ModelError('model-damaged', { model, detail: parsed.error.reason });
  return parsed.value;
}

/** The file at the end of a chain of pages, as the hub's `Link` header gives it; only to the same host. */
function nextPage(response: Response, current: string): string | null {
  const next = /<([^<>]+)>\s*;\s*rel="?next"?/.exec(response.headers.get('Link') ?? '')?.[1];
  if (next === undefined || !URL.canParse(next, current)) return null;
  const url = new URL(next, current);
  return url.origin === new URL(current).origin ? url.href : null;
}

async function listHub(origin: Extract<ModelOrigin, { kind: 'hub' }>, net: Net): Promise<Listing> {
  const { endpoint, id } = origin;
  const unknown = (response: Response): ModelError => {
    const code = response.headers.get('X-Error-Code');
    if (code === 'GatedRepo') return new ModelError('no-permission', { model: id });
    // Without permission the hub answers 401 for what does not exist, too, so as not to tell private names.
    return new ModelError(
      'hub-unknown',
      code === 'RevisionNotFound' ? { model: id, revision: origin.revision } : { model: id },
    );
  };
  const ask = (url: string) => request(url, net, { what: { model: id }, refused: unknown });
  let commit = origin.revision;
  if (!isCommit(commit)) {
    const response = await ask(`${endpoint}/api/models/${id}/revision/${encodeURIComponent(origin.revision)}`);
    commit = (await readAnswer(response, id, commitSchema)).sha;
  }
  const files: ListedFile[] = [];
  let url: string | null = `${endpoint}/api/models/${id}/tree/${commit}?recursive=1`;
  for (let page = 0; url !== null && page < MAX_PAGES; page++) {
    const response: Response = await ask(url);
    for (const { type, path, size, oid, lfs } of await readAnswer(response, id, treeSchema)) {
      if (type !== 'file') continue;
      const file = fileSchema.safeParse({
        path,
        bytes: lfs?.size ?? size,
        digest: lfs ? `sha256:${lfs.oid}` : `git:${oid}`,
      });
      // What cannot be named safely is of no use to a model either.
      if (file.success) files.push(file.data);
    }
    url = nextPage(response, url);
  }
  return { origin: { ...origin, revision: commit }, files };
}

const manifestFileSchema = z.object({
  path: z.optional(pathSchema),
  bytes: bytesSchema,
  sha256: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
});

/** What any manifest of ours says about files: `files` by role or by path. */
const manifestSchema = z.pipe(
  z.object({ files: z.record(z.string(), manifestFileSchema) }),
  z.transform(({ files }, context) =>
    Object.entries(files).map(([key, { path = key, bytes, sha256 }]): ListedFile => {
      if (!isSafePath(path))
        context.issues.push({ code: 'custom', path: ['files', key], message: UNSAFE_PATH, input: path });
      return { path, bytes, digest: `sha256:${sha256}` };
    }),
  ),
);

async function listUrl(origin: Extract<ModelOrigin, { kind: 'url' }>, net: Net): Promise<Listing> {
  const model = originName(origin);
  const response = await request(new URL('manifest.json', origin.url).href, net, {
    what: { file: 'manifest.json' },
    refused: () => new ModelError('not-listed', { model }),
  });
  const bytes = await bodyOf(response, { file: 'manifest.json' }, net.signal);
  const listed = bytes.length <= MAX_LIST_BYTES ? z.parseJson(bytes, manifestSchema) : null;
  // Many hosts answer a page where there is no file.
  if (listed === null || (!listed.ok && listed.error.kind === 'not-json'))
    throw new ModelError('not-listed', { model });
  if (!listed.ok) throw new ModelError('model-damaged', { file: 'manifest.json', detail: listed.error.reason });
  const manifest: ListedFile = {
    path: 'manifest.json',
    bytes: bytes.length,
    digest: `sha256:${await sha256Hex(bytes)}`,
  };
  return { origin, files: [manifest, ...listed.value] };
}

/**
 * Lists a model's files with their sizes and digests.
 * Throws `hub-unknown`, `no-permission`, `not-listed` (an address without a manifest), `model-damaged`, `server-busy`, `network` or `aborted`.
 */
export function listModel(origin: ModelOrigin, net: Net): Promise<Listing> {
  return origin.kind === 'hub' ? listHub(origin, net) : listUrl(origin, net);
}
