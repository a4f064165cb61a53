import { readFileSync } from 'node:fs';
import type { Pair } from '@/lib/domain';
import { BlobSource, type FileSource, type KnownFile, type ModelLocation } from '@/lib/models';
import { DirectorySource } from '@/lib/models/node';
import { testModel } from '@/lib/models/testing';
import type { Feeds } from '../decode/ort/types';
import { cpuHubRuntime } from '../layouts/hub/runtime';
import { LocalEngine } from '../local-engine';
import { nodeFiles, nodeRuntime } from '../node';
import type { HubRuntime } from '../runtime/parts-runtime';
import type { GoldenCase } from './tiny';

const folder = testModel('janus-tiny');

/** A Janus of random weights in the hub's layout. */
export const JANUS: ModelLocation = { kind: 'directory', path: folder };

/** The same weights, but the language model made by onnxruntime-genai's builder, as that of the published folders is. */
export const builtJanus = async (suffix: '' | '_q4' | '_q4f16' = '', changes: Changes = {}): Promise<ModelLocation> => {
  const others = Object.fromEntries(
    ['', '_fp16', '_q4', '_q4f16'].map((each) => [`onnx/language_model${each}.onnx`, null] as const),
  );
  const path = `onnx/language_model${suffix}.onnx`;
  const graph = await new DirectorySource(testModel('janus-builder')).read(path, { maxBytes: 2 ** 20 });
  return { kind: 'files', name: 'janus-built', files: await janusFiles({ ...others, [path]: graph, ...changes }) };
};

/** The same weights in the fused layout, in several files. */
export const FUSED_JANUS: ModelLocation = { kind: 'directory', path: testModel('janus-fused-fp32') };

const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../testdata/janus-golden/${name}.json`, import.meta.url), 'utf8'));

/** What Hugging Face's `generate` draws greedily; logits by step, base64 of float32 [2 x prompts, codes], conditional rows before unconditional ones. */
export const generated = read('generate') as {
  readonly codes: number;
  readonly cases: readonly {
    readonly prompts: readonly string[];
    readonly guidanceWeight: number;
    readonly tokens: readonly (readonly number[])[];
    readonly logits?: Readonly<Record<string, string>>;
  }[];
};

/** What a PyTorch loop with the same noise draws. */
export const drawn = read('draws') as { readonly cases: readonly GoldenCase[] };

/** What a PyTorch loop with the same noise draws with the builder's 4-bit weights. */
export const builtDrawn = read('builder') as { readonly cases: readonly GoldenCase[] };

/** What fused folders of other types draw, by the exporter's own runtime. */
export const fusedDrawn = read('fused') as {
  readonly cases: readonly {
    readonly weightType: 'fp32' | 'fp16' | 'q8' | 'q4';
    readonly prompts: Pair<string>;
    readonly tokens: Pair<number[]>;
  }[];
};

export const pixels = read('pixels') as {
  readonly tokens: readonly number[];
  readonly shape: readonly [number, number, number];
  readonly image: string;
};

/** Texts with the reference tokenizer's ids. */
export const tokenization = read('tokenization') as {
  readonly texts: readonly (readonly [text: string, ids: readonly number[]])[];
};

export const float32 = (base64: string): Float32Array =>
  new Float32Array(Uint8Array.from(Buffer.from(base64, 'base64')).buffer);

type Changes = Readonly<Record<string, Uint8Array<ArrayBuffer> | string | null>>;

async function filesOf(directory: string): Promise<Record<string, KnownFile>> {
  const source = new DirectorySource(directory);
  const files: Record<string, KnownFile> = {};
  for (const { path, bytes } of await source.list())
    files[path] = { blob: new Blob([await source.read(path, { maxBytes: bytes })]) };
  return files;
}

/** The fused Janus's files of a weight type; what all types have alike lies in the float32 folder only. */
export const fusedFiles = async (
  weightType: 'fp32' | 'fp16' | 'q8' | 'q4',
  changes: Changes = {},
): Promise<ModelLocation> => ({
  kind: 'files',
  name: 'janus-fused',
  files: changed(
    { ...(await filesOf(testModel('janus-fused-fp32'))), ...(await filesOf(testModel(`janus-fused-${weightType}`))) },
    changes,
  ),
});

/** The tiny Janus's files, some of them replaced or (null) left out. */
export const janusFiles = async (changes: Changes = {}): Promise<Record<string, KnownFile>> =>
  changed(await filesOf(folder), changes);

function changed(files: Record<string, KnownFile>, changes: Changes): Record<string, KnownFile> {
  for (const [path, contents] of Object.entries(changes)) {
    if (contents === null) delete files[path];
    else files[path] = { blob: new Blob([contents]) };
  }
  return files;
}

export const janusSource = async (changes?: Parameters<typeof janusFiles>[0]): Promise<FileSource> =>
  new BlobSource('janus-tiny', await janusFiles(changes));

/** An engine that runs a folder's graphs one after another, shows what they give, and may be told to work as on another device. */
export const watchedEngine = (onRun: (results: Feeds) => void, as: Partial<HubRuntime> = {}): LocalEngine =>
  new LocalEngine(
    {
      ...nodeRuntime,
      hub: (ort) => {
        const runtime = cpuHubRuntime(ort);
        return Promise.resolve({
          ...runtime,
          joinsGraphs: false,
          ...as,
          run: async (session, feeds) => {
            const results = await runtime.run(session, feeds);
            onRun(results);
            return results;
          },
        });
      },
    },
    nodeFiles,
  );
