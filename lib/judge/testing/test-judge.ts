import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { ModelLocation } from '@/lib/models';

const file = (name: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(readFileSync(new URL(`../testdata/${name}`, import.meta.url)));

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Pictures (codes below 16), captions and the scores that the Python judge gives them with the small judge beside them. */
export const judgeGolden = JSON.parse(new TextDecoder().decode(file('golden.json'))) as {
  readonly pictures: Readonly<Record<string, readonly number[]>>;
  readonly scores: readonly (readonly [picture: string, caption: string, score: number | 'unreadable'])[];
};

export interface TestJudge {
  /** `judge@<hash>`. */
  readonly folder: string;
  readonly files: Readonly<Record<string, Uint8Array<ArrayBuffer>>>;
  readonly location: ModelLocation;
}

/** The golden numbers' judge in a folder as judges are served, for the codebook of these centroids. */
export function testJudge(centroidsSha256 = '0'.repeat(64)): TestJudge {
  const listed = (path: string) => ({ path, bytes: file(path).length, sha256: sha256(file(path)) });
  const manifest = new TextEncoder().encode(
    JSON.stringify({
      format: 1,
      kind: 'judge',
      name: 'judge',
      title: 'Test judge',
      codebook: { codes: 16, sha256: centroidsSha256 },
      files: { graph: listed('judge.onnx'), labels: listed('judge.json') },
      licences: [],
    }),
  );
  const folder = `judge@${sha256(manifest).slice(0, 16)}`;
  const files = { 'manifest.json': manifest, 'judge.onnx': file('judge.onnx'), 'judge.json': file('judge.json') };
  const blobs = Object.fromEntries(Object.entries(files).map(([path, bytes]) => [path, { blob: new Blob([bytes]) }]));
  return { folder, files, location: { kind: 'files', name: folder, files: blobs } };
}
