import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import { UsageError } from '@/cli/command-line';
import { RunFolder, type RunIdentity } from '@/cli/paircomp-folder';
import { parseComparisonJson, toComparisonJson } from '@/lib/comparison';
import { sampleComparison } from '@/lib/comparison/testing';
import { NEUTRAL_SETTINGS, PairCompError } from '@/lib/domain';
import { DownloadService, MemoryDepot, type ModelOrigin, type ModelRecord, readRecord } from '@/lib/downloads';
import { differenceOf, parseGrpoReport } from '@/lib/grpo';
import { endpointJudge, parseJudgeLabels } from '@/lib/judge';
import { testJudge } from '@/lib/judge/testing';
import {
  BlobSource,
  HubTokenizer,
  imageTokens,
  openHubFolder,
  openJudge,
  parseCatalogue,
  parseDrawingManifest,
  parseHubConfig,
  parseModelCard,
  parseTextVocabulary,
  prefixIds,
  readPrompt,
} from '@/lib/models';
import { testModel } from '@/lib/models/testing';
import { choosePairs, pairsText, parsePairs, parseScores } from '@/lib/paircomp';
import { parseVocabulary, promptNotes } from '@/lib/prompts';
import { readEndpoint } from '@/lib/state/paircomp';
import { parseExampleIndex, readDraft, readShared, readUnsaved } from '@/lib/state/sharing';
import type { Json } from './mutations';

/** Something that reads JSON from outside, and goes on to use what it read. */
interface Reader {
  readonly sample: Json;
  readonly read: (text: string) => unknown;
}

const json = (path: string): Json => JSON.parse(readFileSync(path, 'utf8')) as Json;
const published = (path: string): Json => json(new URL(`../../public/${path}`, import.meta.url).pathname);
const bytes = (text: string) => new TextEncoder().encode(text);

const PROMPT = 'a constructor, a red __proto__ and "toString"';

const pairsSample = [
  { category: 'Color', caption1: 'a red hat', caption2: 'a blue hat' },
  { category: 'constructor', caption1: 'one hat', caption2: 'two hats' },
];
const { pairs } = parsePairs(JSON.stringify(pairsSample));

const COMMIT = '0123456789abcdef0123456789abcdef01234567';
const hub: ModelOrigin = { kind: 'hub', endpoint: 'https://hub.example', id: 'a/b', revision: 'main' };
const folder: ModelOrigin = { kind: 'url', url: 'https://models.example/one/' };
const listed = { path: 'onnx/a.onnx', bytes: 12, digest: `sha256:${'0'.repeat(64)}` as const };
const record: ModelRecord = { origin: { ...hub, revision: COMMIT }, files: [listed] };
const treeSample = [{ type: 'file', path: listed.path, size: 12, oid: COMMIT, lfs: { oid: '0'.repeat(64), size: 12 } }];
const manifestSample = { layout: 'hub', files: { 'config.json': { bytes: 2, sha256: '0'.repeat(64) } } };

/** Lists a model where the network answers with these texts, by what their addresses hold. */
const listing = (origin: ModelOrigin, answers: Readonly<Record<string, string>>) =>
  new DownloadService(
    new MemoryDepot(),
    { run: (_name, _options, task) => task() },
    {
      fetch: (address) => {
        const { url } = new Request(address);
        return Promise.resolve(new Response(Object.entries(answers).find(([part]) => url.includes(part))?.[1] ?? '{}'));
      },
      isOffline: () => false,
      sleep: () => Promise.resolve(),
    },
  ).list(origin);

const token = { token: 'Yes', logprob: -0.1 };
const answerSample = { choices: [{ logprobs: { content: [{ ...token, top_logprobs: [token] }] } }] };
const picture = {
  tokens: new Int32Array(1),
  pixels: () => Promise.resolve({ width: 1, height: 1, data: new Uint8ClampedArray(4) }),
};
const judged = (status: number) => (text: string) =>
  endpointJudge(
    { url: 'https://judge.example', model: 'm', key: 'k' },
    { ask: () => Promise.resolve({ kind: 'answer', status, retryAfterSeconds: null, text }) },
    { pageProtocol: null, sleep: () => Promise.resolve() },
  ).score(picture, 'a hat');

/** What a page's storage says, whatever is asked for. */
function stored<T>(text: string, read: () => T): T {
  const storage = { getItem: () => text };
  vi.stubGlobal('localStorage', storage);
  vi.stubGlobal('sessionStorage', storage);
  try {
    return read();
  } finally {
    vi.unstubAllGlobals();
  }
}

const identity: RunIdentity = { model: 'm@0', pairs: '00', images: 2, settings: NEUTRAL_SETTINGS };

/** Goes on with a run in whose folder one file has this text. */
const resumed = (name: string) => async (text: string) => {
  const path = mkdtempSync(join(tmpdir(), 'hostile-json-'));
  try {
    writeFileSync(join(path, 'run.json'), JSON.stringify(identity));
    writeFileSync(join(path, name), `${text}\n`);
    const run = RunFolder.open(path, true);
    run.begin(identity, { pairs: new Set([0]), images: 2, steps: 2, codes: 10 });
    const read = [await run.draws(), await run.scores()];
    // What is damaged is named and left out; the sentence is what is checked.
    const [problem] = run.takeProblems();
    if (problem !== undefined) throw new UsageError(problem);
    return read;
  } finally {
    rmSync(path, { recursive: true });
  }
};

const whole = sampleComparison();
const catalogue = parseCatalogue(JSON.stringify(published('models/index.json')));
const comparison = JSON.parse(
  toComparisonJson({
    ...whole,
    grid: { rows: 1, columns: 2 },
    tokens: { a: whole.tokens.a.slice(0, 2), b: whole.tokens.b.slice(0, 2) },
    trace: { length: 2, precision: 'exact', probability: { a: Float32Array.of(1, 0.5), b: Float32Array.of(1, 0.5) } },
  }),
) as Json;
const judge = testJudge();

const blobsOf = (texts: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(texts).map(([path, text]) => [path, { blob: new Blob([text]) }]));

/** Every reader of foreign JSON in the house. */
export const readers: Readonly<Record<string, Reader>> = {
  'comparison.json': { sample: comparison, read: parseComparisonJson },
  'a text that may hold a comparison': { sample: comparison, read: readShared },
  'a drawing kept in the tab': {
    sample: comparison,
    read: (text) => stored(text, readUnsaved),
  },
  'a draft kept in the tab': {
    sample: {
      prompts: { a: 'a', b: 'b' },
      settings: {
        typed: { seed: '1', guidanceWeight: '3', temperature: '1', topK: '0', topP: '1', plausibility: '0' },
        coupling: 'coupled',
        greedy: false,
      },
    },
    read: (text) => stored(text, readDraft),
  },
  'a remembered endpoint': {
    sample: { url: 'https://judge.example', model: 'm', key: '' },
    read: (text) => stored(text, () => readEndpoint()),
  },
  'a remembered model': { sample: record as unknown as Json, read: readRecord },
  'the list of examples': { sample: published('examples/index.json'), read: parseExampleIndex },
  'the list of bundled models': { sample: published('models/index.json'), read: parseCatalogue },
  'the manifest of the embedded layout': {
    sample: json(testModel('tiny-model', 'manifest.json')),
    read: (text) => parseDrawingManifest(bytes(text)),
  },
  'the manifest of a fused Janus': {
    sample: json(testModel('janus-fused-fp32', 'manifest.json')),
    read: (text) => parseDrawingManifest(bytes(text)),
  },
  'the manifest of a judge': {
    sample: JSON.parse(new TextDecoder().decode(judge.files['manifest.json'])) as Json,
    read: (text) =>
      openJudge(new BlobSource('judge', blobsOf({ 'manifest.json': text }))).then(({ manifest }) => manifest),
  },
  'the manifest of a folder in the hub’s layout': {
    sample: manifestSample,
    read: async (text) => {
      const files = { 'manifest.json': text, 'config.json': '{}', 'tokenizer.json': '{}', 'onnx/gen_head.onnx': '' };
      const opened = await openHubFolder(new BlobSource('folder', blobsOf(files)));
      return opened?.files;
    },
  },
  'the vocabulary of a tokenizer': {
    sample: json(testModel('tiny-model', 'text.json')),
    read: (text) => {
      const vocabulary = parseTextVocabulary(bytes(text));
      return prefixIds(readPrompt(PROMPT, vocabulary).ids, vocabulary, 16);
    },
  },
  'what a model was taught': {
    sample: published(`models/${catalogue.default}/vocabulary.json`),
    read: (text) => promptNotes(PROMPT, parseVocabulary(bytes(text))),
  },
  'a model card': {
    sample: published(`models/${catalogue.default}/model-card.json`),
    read: (text) => parseModelCard(bytes(text)),
  },
  'config.json of a hub': {
    sample: json(testModel('janus-tiny', 'config.json')),
    read: (text) => parseHubConfig(bytes(text)),
  },
  'processor_config.json of a hub': {
    sample: json(testModel('janus-tiny', 'processor_config.json')),
    read: (text) => imageTokens(bytes(text)),
  },
  'tokenizer.json of a hub': {
    sample: json(testModel('janus-tiny', 'tokenizer.json')),
    read: (text) => {
      const tokenizer = new HubTokenizer(bytes(text));
      return tokenizer.unconditional(tokenizer.prefix(PROMPT));
    },
  },
  'judge.json': {
    sample: JSON.parse(new TextDecoder().decode(judge.files['judge.json'])) as Json,
    read: (text) => parseJudgeLabels(bytes(text)),
  },
  'which commit a hub’s branch is': {
    sample: { sha: COMMIT },
    read: (text) => listing(hub, { '/revision/': text, '/tree/': JSON.stringify(treeSample) }),
  },
  'which files a hub’s model has': {
    sample: treeSample,
    read: (text) => listing(hub, { '/revision/': JSON.stringify({ sha: COMMIT }), '/tree/': text }),
  },
  'which files a folder at an address has': {
    sample: manifestSample,
    read: (text) => listing(folder, { 'manifest.json': text }),
  },
  'the answer of a judge’s endpoint': { sample: answerSample, read: judged(200) },
  'the refusal of a judge’s endpoint': {
    sample: { error: { message: 'No such model.' } },
    read: (text) =>
      judged(404)(text).catch((error: unknown) => ({ refused: error instanceof PairCompError && error.message })),
  },
  'a file of pairs': {
    sample: pairsSample,
    read: (text) => {
      const { pairs } = parsePairs(text);
      return pairsText(choosePairs(pairs, { categories: null, limit: 1 }));
    },
  },
  'a file of scores': {
    sample: Object.fromEntries(
      pairs.map(({ index }) => [
        String(index),
        [0, 1, 2, 3].map((place) => ({
          pair_idx: index,
          prompt_idx: place >> 1,
          image_idx: place & 1,
          score: place / 4,
        })),
      ]),
    ),
    read: (text) => parseScores(text, { pairs }),
  },
  'run.json': { sample: identity as unknown as Json, read: resumed('run.json') },
  'tokens.jsonl': { sample: { pair: 0, image: 0, a: [1, 2], b: [1, 3] }, read: resumed('tokens.jsonl') },
  'judged.jsonl': {
    sample: { pair: 0, prompt: 0, image: 0, judge: { id: 'j', version: '1' }, score: 0.5 },
    read: resumed('judged.jsonl'),
  },
  'the report of the experiment': {
    sample: published('grpo/report.json'),
    read: (text) => {
      const report = parseGrpoReport(text);
      return report && differenceOf(report, 'pair', 'base');
    },
  },
};
