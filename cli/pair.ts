/** Draws a pair on the command line with the same engine as the page; `--help` says how. */
import { join } from 'node:path';
import { toComparisonJson, TraceBuilder } from '@/lib/comparison';
import { checkSettings, EngineError, type Pair, type SamplingSettings } from '@/lib/domain';
import { type Engine, type LoadProgress, provenanceOf } from '@/lib/engine';
import { differencePicture, encodePng } from '@/lib/export';
import { type Finding, findingOf, findingSentence, findingWords, firstSplit } from '@/lib/measures';
import { type ModelLocation, openByManifest, openHubFolder, parseTextVocabulary, readPrompt } from '@/lib/models';
import { DirectorySource } from '@/lib/models/node';
import { alikeRemark, diffPrompts, parseVocabulary, promptNotes } from '@/lib/prompts';
import { UsageError } from './command-line';
import { runCommand } from './failure';
import { codebookOf } from './pair-codebook';
import { type JudgedJson, judgeOf, judgePair } from './pair-judge';
import { modelFolder } from './pair-model';
import { type PairOptions, readOptions, USAGE } from './pair-options';
import { makeFolder, writeWhole } from './plain-files';
import { ProgressLine } from './progress';

const DEFAULT_SEED = 7;

const note = (text: string) => process.stderr.write(`${text}\n`);

/**
 * Refuses prompts without words, and says of the others what the page says. Resolves to why the model reads both as the same, null
 * where it does not.
 */
async function checkPrompts(folder: string, { prompts }: PairOptions): Promise<string | null> {
  const source = new DirectorySource(folder);
  // A Janus's vocabulary has every word; the engine itself says which prompt is empty or too long.
  if (await openHubFolder(source)) return null;
  const opened = await openByManifest(source);
  if (opened.layout === 'fused-janus') return null;
  // What was taught is for remarks only: a model draws without it.
  const taught = await opened.files
    .read('vocabulary')
    .then(parseVocabulary)
    .catch(() => null);
  const vocabulary = parseTextVocabulary(await opened.files.read('text'));
  const readings = { a: readPrompt(prompts.a, vocabulary), b: readPrompt(prompts.b, vocabulary) };
  for (const side of ['a', 'b'] as const) {
    if (readings[side].ids.length === 0) throw new EngineError('empty-prompt', { side: side.toUpperCase() });
  }
  for (const side of ['a', 'b'] as const) {
    const { unknown, truncatedWords } = readings[side];
    for (const { word, nearest } of unknown) {
      note(
        `Prompt ${side.toUpperCase()}: the model does not know "${word}"${nearest ? `; the nearest word is "${nearest}"` : ''}.`,
      );
    }
    if (truncatedWords > 0)
      note(`Prompt ${side.toUpperCase()}: ${truncatedWords} words at the end are more than the model reads.`);
    for (const { text } of taught === null ? [] : promptNotes(prompts[side], taught))
      note(`Prompt ${side.toUpperCase()}: ${text}`);
  }
  const diff = diffPrompts(prompts.a, prompts.b, (prompt) => readings[prompt === prompts.a ? 'a' : 'b'].ids);
  const alike = alikeRemark(diff, prompts, readings);
  if (alike !== null) note(alike);
  return alike;
}

/** What `use` gives; the thread that it uses ends in any case. */
async function disposing<T extends { dispose(): Promise<void> }, R>(
  thread: T,
  use: (thread: T) => Promise<R>,
): Promise<R> {
  try {
    return await use(thread);
  } finally {
    await thread.dispose();
  }
}

const loadingWords = ({ phase, loadedBytes, totalBytes }: LoadProgress): string =>
  phase === 'prepare'
    ? 'preparing the model'
    : `reading the model: ${megabytes(loadedBytes)} of ${megabytes(totalBytes)} MB`;

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0);

async function draw(engine: Engine, options: PairOptions, settings: SamplingSettings) {
  const { info } = engine;
  if (!info) throw new EngineError('not-loaded');
  const all = info.grid.rows * info.grid.columns;
  const steps = Math.min(options.steps ?? all, all);
  const builder = new TraceBuilder(steps);
  const line = new ProgressLine();
  const start = performance.now();
  for await (const event of engine.draw({ prompts: options.prompts, settings })) {
    builder.add(event);
    line.show(`step ${event.step + 1} of ${steps}`);
    if (event.step + 1 === steps) break;
  }
  const elapsedMs = performance.now() - start;
  line.end();
  note(`Drew ${steps} steps in ${(elapsedMs / 1000).toFixed(2)} s (${(elapsedMs / steps).toFixed(1)} ms a step).`);
  return { info, tokens: builder.tokens, trace: builder.trace, elapsedMs, isCut: steps < all };
}

type Drawn = Awaited<ReturnType<typeof draw>>;

function toJson(
  drawn: Drawn,
  options: PairOptions,
  settings: SamplingSettings,
  judge: JudgedJson | null,
  readsAlike: boolean | null,
): string {
  const { info, tokens, trace, elapsedMs } = drawn;
  const finding = findingOf({ prompts: options.prompts, settings, tokens, trace }, tokens.a.length);
  const pair = ({ a, b }: { a: Iterable<number>; b: Iterable<number> }) => ({ a: Array.from(a), b: Array.from(b) });
  return JSON.stringify({
    model: `${info.modelName}@${info.modelHash}`,
    prompts: options.prompts,
    settings,
    grid: info.grid,
    tokens: pair(tokens),
    trace: {
      probability: pair(trace.probability),
      rank: pair(trace.rank),
      entropyBits: pair(trace.entropyBits),
      divergenceBits: Array.from(trace.divergenceBits),
      promptDivergenceBits: pair(trace.promptDivergenceBits),
      crossScoreBits: pair(trace.crossScoreBits),
    },
    firstSplit: firstSplit(tokens),
    finding: { kind: finding.kind, deciding: finding.deciding, sentence: sentenceOf(finding, drawn, readsAlike) },
    elapsedMs,
    ...(judge && { judge }),
  });
}

async function writeFiles(
  folder: string,
  modelPath: string,
  { info, tokens, trace }: Drawn,
  options: PairOptions,
  settings: SamplingSettings,
) {
  const { startNodeDecoder } = await import('../lib/engine/node');
  const [a, b] = await disposing(startNodeDecoder(), async (decoder) => {
    await decoder.load({ kind: 'directory', path: modelPath });
    return decoder.decode([tokens.a, tokens.b]);
  });
  if (!a || !b) throw new EngineError('failed', { detail: 'the pixel decoder gave no picture' });
  const comparison = toComparisonJson({
    model: { name: info.modelName, hash: info.modelHash },
    prompts: options.prompts,
    settings,
    grid: info.grid,
    codes: info.codes,
    tokens,
    trace,
    provenance: provenanceOf(info, settings, true),
  });
  writeWhole(join(folder, 'a.png'), encodePng(a));
  writeWhole(join(folder, 'b.png'), encodePng(b));
  const { divergenceBits } = trace;
  const codebook = await codebookOf(modelPath);
  const difference = differencePicture({ images: { a, b }, tokens, grid: info.grid, divergenceBits, codebook });
  writeWhole(join(folder, 'difference.png'), encodePng(difference));
  writeWhole(join(folder, 'comparison.json'), comparison);
  note(`Wrote a.png, b.png, difference.png and comparison.json to ${folder}.`);
}

const sentenceOf = (finding: Finding, { info, isCut }: Drawn, readsAlike: boolean | null): string =>
  findingSentence(findingWords(finding, { grid: info.grid, readsAlike, isCut }));

function summary(drawn: Drawn, prompts: Pair<string>, settings: SamplingSettings, readsAlike: boolean | null): string {
  const { tokens, trace, info } = drawn;
  const finding = findingOf({ prompts, settings, tokens, trace }, tokens.a.length);
  const split = firstSplit(tokens);
  const where =
    split === null
      ? ''
      : ` First split at step ${split} (row ${Math.floor(split / info.grid.columns)}, column ${split % info.grid.columns}).`;
  return `${sentenceOf(finding, drawn, readsAlike)}${where}`;
}

/** Cheap checks come first: the runtime is loaded only for a command line that can be drawn. */
async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (options.help) return void process.stdout.write(`${USAGE}\n`);
  const folder = modelFolder(options.model);
  const model: ModelLocation = { kind: 'directory', path: folder };
  const alike = await checkPrompts(folder, options);
  if (options.out !== null) makeFolder(options.out);
  const { startNodeEngine } = await import('../lib/engine/node');
  const { drawn, settings } = await disposing(startNodeEngine(), async (engine) => {
    const line = new ProgressLine();
    const info = await engine.load(model, { onProgress: (progress) => line.show(loadingWords(progress)) });
    line.end();
    const chosen: SamplingSettings = { ...info.defaults, seed: DEFAULT_SEED, ...options.settings };
    const [problem] = Object.values(checkSettings(chosen, info.codes));
    if (problem !== undefined) throw new UsageError(problem);
    return { drawn: await draw(engine, options, chosen), settings: chosen };
  });
  if (alike !== null) note(alike);
  const readsAlike = alike === null ? null : true;
  if (options.out !== null) await writeFiles(options.out, folder, drawn, options, settings);
  if (!options.json) return void process.stdout.write(`${summary(drawn, options.prompts, settings, readsAlike)}\n`);
  // A part of a picture shows a part of what was asked for.
  const judge = drawn.isCut ? null : await judgeOf(folder);
  const judged = judge && (await judgePair(judge, options.prompts, drawn.tokens));
  process.stdout.write(`${toJson(drawn, options, settings, judged, readsAlike)}\n`);
}

runCommand(main, ['empty-prompt', 'prompt-too-long', 'model-unknown', 'bad-settings']);
