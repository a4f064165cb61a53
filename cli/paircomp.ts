/** Runs PairComp on the command line with the same engine as the page; `--help` says how. */
import { readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { checkSettings, counted, EngineError, type SamplingSettings } from '@/lib/domain';
import type { TokenReader } from '@/lib/engine';
import { encodePng } from '@/lib/export';
import { embeddedJudge, endpointJudge, janusJudge, type PairCompJudge, type PictureReader, sleep } from '@/lib/judge';
import {
  chooseUnderstandingFiles,
  type ModelLocation,
  openByManifest,
  openHubFolder,
  openJudge,
  parseTextVocabulary,
  readPrompt,
  sha256Hex,
} from '@/lib/models';
import { DirectorySource } from '@/lib/models/node';
import {
  addDraw,
  addJudged,
  choosePairs,
  emptyResults,
  formatScores,
  judgeKey,
  type PairsFile,
  pairsText,
  parsePairs,
  parseScores,
  type PromptPair,
  protocolSettings,
  runLoop,
  scoreIn,
  tally,
} from '@/lib/paircomp';
import { fetchRemote } from '@/lib/remote';
import { UsageError } from './command-line';
import { runCommand } from './failure';
import { judgeOf } from './pair-judge';
import { modelFolder } from './pair-model';
import { RunFolder } from './paircomp-folder';
import { type DrawOptions, readOptions, type ScoresOptions, USAGE } from './paircomp-options';
import { summaryJson, summaryTable } from './paircomp-table';
import { naming } from './system-error';
import { ProgressLine } from './progress';

const DEFAULT_SEED = 7;
const BUILT_IN = fileURLToPath(new URL('../public/paircomp/held-out.json', import.meta.url));
/** No file of pairs or scores is larger. */
const MAX_BYTES = 64_000_000;
/** So many problems of a file are printed one by one. */
const SHOWN_PROBLEMS = 20;

const note = (text: string) => process.stderr.write(`${text}\n`);

function noteAll(problems: readonly string[]): void {
  for (const problem of problems.slice(0, SHOWN_PROBLEMS)) note(problem);
  if (problems.length > SHOWN_PROBLEMS)
    note(
      `There ${problems.length === SHOWN_PROBLEMS + 1 ? 'is one more problem' : `are ${problems.length - SHOWN_PROBLEMS} more problems`} of this kind.`,
    );
}

function readText(path: string, what: string): string {
  return naming(path, () => {
    if (statSync(path).size > MAX_BYTES) throw new UsageError(`${path} is larger than any ${what}.`);
    return readFileSync(path, 'utf8');
  });
}

function readPairs(path: string | null): PairsFile {
  const file = parsePairs(readText(path ?? BUILT_IN, 'file of pairs'));
  noteAll(file.problems);
  return file;
}

function sumUp({ pairs, scores, images, json }: ScoresOptions): void {
  const { scored, problems } = parseScores(readText(scores, 'scores file'), readPairs(pairs), { images });
  noteAll(problems);
  process.stdout.write(`${json ? JSON.stringify(summaryJson(scored)) : summaryTable(scored)}\n`);
}

/** Says, in one sentence, how many prompts hold words that the model does not know. */
async function noteUnknownWords(folder: string, pairs: readonly PromptPair[]): Promise<void> {
  const source = new DirectorySource(folder);
  // A Janus's vocabulary has every word.
  if (await openHubFolder(source)) return;
  const opened = await openByManifest(source);
  if (opened.layout === 'fused-janus') return;
  const vocabulary = parseTextVocabulary(await opened.files.read('text'));
  const strange = pairs
    .map(({ captions }) => captions.flatMap((caption) => readPrompt(caption, vocabulary).unknown))
    .filter(({ length }) => length > 0);
  const example = strange[0]?.[0]?.word;
  if (example !== undefined)
    note(
      `In ${strange.length} of ${counted(pairs.length, 'pair')} are words that the model does not know, such as "${example}"; they are drawn as unknown words.`,
    );
}

async function chooseJudge(
  folder: string,
  { judge: choice, endpoint }: DrawOptions,
  decoder: TokenReader,
  reader: PictureReader,
): Promise<PairCompJudge | null> {
  switch (choice) {
    case 'none':
      return null;
    case 'janus': {
      const hub = await openHubFolder(new DirectorySource(folder));
      if (hub === null || chooseUnderstandingFiles(hub.files) === null)
        throw new UsageError(
          "--judge janus needs a Janus folder in the hub's layout with prepare_inputs_embeds and lm_head.",
        );
      return janusJudge(hub.name, { kind: 'directory', path: folder }, reader);
    }
    case 'endpoint': {
      if (endpoint === null) throw new UsageError('--judge endpoint needs --endpoint URL and --endpoint-model NAME.');
      const judge = endpointJudge({ ...endpoint, key: process.env.PAIRCOMP_KEY ?? '' }, fetchRemote(fetch), {
        pageProtocol: null,
        sleep,
      });
      note(`Prompts and pictures are sent to ${new URL(endpoint.url).host}.`);
      return judge;
    }
    case 'embedded':
    case null: {
      const location = await judgeOf(folder);
      if (location?.kind !== 'directory') {
        if (choice === 'embedded')
          throw new UsageError('The embedded judge reads the tokens of the embedded model only; use another --judge.');
        note('This model has no judge of its own: pictures are drawn and not scored.');
        return null;
      }
      const { manifest } = await openJudge(new DirectorySource(location.path));
      return embeddedJudge(manifest.title, location, (request, signal) =>
        decoder.judge(request, signal ? { signal } : {}),
      );
    }
  }
}

async function drawAll(options: DrawOptions): Promise<void> {
  const file = readPairs(options.pairs);
  const chosen = choosePairs(file.pairs, options);
  if (chosen.length === 0) throw new UsageError('No pair of the file is in these categories.');
  const path = modelFolder(options.model);
  const model: ModelLocation = { kind: 'directory', path };
  await noteUnknownWords(path, chosen);
  const folder = RunFolder.open(options.out, options.resume);
  const { startNodeDecoder, startNodeEngine, startNodeReader } = await import('../lib/engine/node');
  const [engine, decoder, reader] = [startNodeEngine(), startNodeDecoder(), startNodeReader()];
  try {
    const judge = await chooseJudge(path, options, decoder, reader);
    const info = await engine.load(model);
    await decoder.load(model);
    const settings: SamplingSettings = { ...protocolSettings(info.defaults), seed: DEFAULT_SEED, ...options.settings };
    const [problem] = Object.values(checkSettings(settings, info.codes));
    if (problem !== undefined) throw new UsageError(problem);
    const identity = {
      model: `${info.modelName}@${info.modelHash}`,
      pairs: await sha256Hex(new TextEncoder().encode(pairsText(file.pairs))),
      images: options.images,
      settings,
    };
    folder.begin(identity, {
      pairs: new Set(file.pairs.map(({ index }) => index)),
      images: options.images,
      steps: info.grid.rows * info.grid.columns,
      codes: info.codes,
    });
    const judgeId = judge && (await judge.identify());
    const results = emptyResults();
    for (const draw of await folder.draws()) addDraw(results, draw);
    if (judgeId !== null) for (const judged of await folder.scores()) addJudged(results, judged);
    noteAll(folder.takeProblems());

    const start = performance.now();
    const drawnBefore = results.draws.size;
    const skipped: number[] = [];
    const pixels = async (tokens: Int32Array) => {
      const [decoded] = await decoder.decode([tokens]);
      if (!decoded) throw new EngineError('failed', { detail: 'the pixel decoder gave no picture' });
      return decoded;
    };
    const { images } = options;
    const line = new ProgressLine();
    await runLoop(
      {
        id: options.out,
        pairs: chosen,
        images,
        settings,
        judge: judge && judgeId && { by: judge, id: judgeId },
        results,
      },
      {
        store: folder,
        withEngine: (work) => work(engine, info),
        pixels,
        isPausing: () => false,
        isSkipped: (pair) => skipped.includes(pair),
        skip(pair, reason) {
          skipped.push(pair);
          note(`Pair ${pair} is not drawn: ${reason}`);
          return Promise.resolve();
        },
        async onPicture(picture, pixelsOf) {
          if (!folder.hasPicture(picture)) folder.addPicture(picture, encodePng(await pixelsOf()));
        },
        onPairs(done) {
          line.show(`pair ${done} of ${chosen.length}`);
        },
      },
      new AbortController().signal,
    );
    const draws = results.draws.size - drawnBefore;
    line.end();
    noteAll(folder.takeProblems());
    const seconds = (performance.now() - start) / 1000;
    const { scored, unscored, unscoredPairs, reason } = tally(chosen, images, (picture) =>
      judgeId === null ? undefined : scoreIn(results, judgeKey(judgeId), picture),
    );
    const summary = {
      ...summaryJson(scored),
      ...identity,
      judge: judgeId,
      chosenPairs: chosen.length,
      skippedPairs: skipped,
      unscoredPictures: unscored,
      unscoredPairs,
    };
    if (judge !== null) folder.write('scores.json', formatScores(scored, { images: options.images }));
    folder.write('summary.json', `${JSON.stringify(summary, null, 1)}\n`);
    note(`Drew ${counted(2 * draws, 'picture')} in ${seconds.toFixed(1)} s; the run is in ${options.out}.`);
    if (unscored > 0)
      note(
        `The judge could not score ${counted(unscored, 'picture')}; ${counted(unscoredPairs, 'pair')} left out of the means. The first: ${reason ?? ''}`,
      );
    if (options.json) process.stdout.write(`${JSON.stringify(summary)}\n`);
    else if (judge !== null) process.stdout.write(`${summaryTable(scored)}\n`);
  } finally {
    folder.close();
    await Promise.all([engine.dispose(), decoder.dispose(), reader.dispose()]);
  }
}

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  switch (options.kind) {
    case 'help':
      return void process.stdout.write(`${USAGE}\n`);
    case 'scores':
      return sumUp(options);
    case 'draw':
      return drawAll(options);
  }
}

runCommand(main, ['bad-settings']);
