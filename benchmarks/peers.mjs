/** Compares ways to draw a pair with the same weights; see README.md. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem, type as system } from 'node:os';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { chromiumArguments, chromiumPath } from './lib/browser.mjs';
import { bundle } from './lib/bundle.mjs';
import { filesIn, startHub } from './lib/hub.mjs';
import { median, megabytes } from './lib/numbers.mjs';
import { usage } from './lib/processes.mjs';
import { root } from './lib/server.mjs';

const { values: options } = parseArgs({
  options: {
    provider: { type: 'string', default: 'cpu' },
    adapter: { type: 'string', default: 'software' },
    /** Counts WebGPU calls instead of timing, on narrow models that an emulated adapter can run; see weights.mjs. */
    calls: { type: 'boolean', default: false },
    /** Of the model that calls are counted on. */
    layers: { type: 'string', default: '8' },
    /** Tokens on a side of the picture; which of the models that weights.mjs made. */
    grid: { type: 'string' },
    rounds: { type: 'string' },
    /** On the CPU; of every peer. */
    threads: { type: 'string', default: '1' },
    /** Fewer steps than the whole picture; on WebGPU this project's engine draws all of it or, to count calls, two chunks. */
    steps: { type: 'string' },
    /** Of transformers, loop, hub-4, hub-6, fused-4, fused-6; with commas. */
    only: { type: 'string' },
    out: { type: 'string' },
  },
});
const { calls: onlyCalls } = options;
const provider = onlyCalls ? 'webgpu' : options.provider;
const grid = Number(options.grid ?? (provider === 'cpu' ? 24 : onlyCalls ? 8 : 4));
const rounds = Number(options.rounds ?? (provider === 'cpu' ? 3 : 1));
// On an emulated adapter a step takes seconds; what it calls is the same every time.
const steps = Number(options.steps ?? (provider === 'cpu' ? grid ** 2 : 3));
const say = (text) => console.error(text);

const model = onlyCalls ? `calls-${options.layers}` : grid;
const models = Object.fromEntries(
  ['hub', 'fused'].map((layout) => [
    layout,
    fileURLToPath(new URL(`.cache/models/${layout}-${model}`, import.meta.url)),
  ]),
);
for (const folder of Object.values(models))
  if (!existsSync(folder))
    throw new Error(`${folder} is missing; run \`npm run weights${onlyCalls ? ' -- --calls' : ''}\` first.`);

const engine = (key, model, crossLanes) => ({
  key,
  name: `engine, ${model} layout, ${crossLanes ? 6 : 4} lanes`,
  script: 'engine',
  model,
  request: { crossLanes, ...(provider === 'webgpu' && { steps: grid ** 2, ...(onlyCalls && { chunks: 2 }) }) },
});
const all = [
  {
    key: 'transformers',
    name: '(1) transformers.js, once a prompt',
    script: 'transformers',
    model: 'hub',
    request: {},
  },
  { key: 'loop', name: '(2) three-graph loop, once a prompt', script: `lean-${provider}`, model: 'hub', request: {} },
  engine('hub-4', 'hub', false),
  engine('hub-6', 'hub', true),
  engine('fused-4', 'fused', false),
  engine('fused-6', 'fused', true),
];
const wanted = options.only?.split(',') ?? all.map(({ key }) => key);
const peers = all.filter(({ key }) => wanted.includes(key));

await bundle();
const hub = await startHub(models);
const request = {
  prompts: { a: 'a red apple to the left of a cup', b: 'a blue apple to the left of a cup' },
  guidanceWeight: 5,
  provider,
  grid,
};

/** One browser for each script and model, so that memory can be told apart; plans of lanes share one. */
const opened = new Map();
async function open({ script, model, name }) {
  const key = `${script} ${model}`;
  if (opened.has(key)) return opened.get(key);
  const server = await chromium.launchServer({
    executablePath: chromiumPath(),
    args: chromiumArguments(provider, options.adapter),
  });
  const browser = await chromium.connect(server.wsEndpoint());
  const page = await browser.newPage();
  page.on('pageerror', (error) => say(`${name}: ${error}`));
  page.on('console', (message) => message.type() === 'error' && say(`${name}: ${message.text()}`));
  await page.goto(hub.url);
  await page.evaluate((each) => window.peers.start(each), script);
  const files = filesIn(models[model]).filter((path) => !/prepare_inputs_embeds|lm_head/.test(path));
  const startMs = performance.now();
  const info = await page.evaluate((each) => window.peers.load(each), {
    name: model,
    files,
    provider,
    threads: Number(options.threads),
  });
  const loaded = { server, browser, page, info, loadMs: performance.now() - startMs, version: browser.version() };
  opened.set(key, loaded);
  return loaded;
}

const results = peers.map((peer) => ({ ...peer, runs: [] }));
try {
  for (const result of results) {
    say(`Loading: ${result.name}…`);
    const { page } = await open(result);
    // Code and shaders are compiled before anything is timed.
    if (!onlyCalls)
      await page.evaluate((each) => window.peers.draw(each), {
        ...request,
        ...result.request,
        steps: Math.min(2, steps),
      });
  }
  for (let round = 0; round < rounds; round += 1) {
    for (const result of results) {
      const { page, server } = await open(result);
      const before = usage(server.process().pid, 'renderer');
      const run = await page.evaluate((each) => window.peers.draw(each), { ...request, steps, ...result.request });
      if (before) run.processorMs = usage(server.process().pid, 'renderer').processorMs - before.processorMs;
      result.runs.push(run);
      if (onlyCalls)
        say(
          `${result.name}: ${run.calls.dispatches.toFixed(1)} dispatches and ${run.calls.submits.toFixed(1)} submits a step`,
        );
      else
        say(
          `${round + 1}/${rounds} ${result.name}: ${(run.totalMs / run.steps).toFixed(1)} ms a step, ${((run.processorMs ?? NaN) / run.steps).toFixed(1)} ms of processor time`,
        );
    }
  }
  for (const result of results) {
    const { server, info, loadMs, version } = await open(result);
    const { pid } = server.process();
    Object.assign(result, { info, loadMs, version, peakBytes: usage(pid, 'renderer')?.peakBytes ?? null });
  }
} finally {
  for (const { browser, server } of opened.values()) {
    await browser.close();
    await server.close();
  }
  hub.stop();
}

const packageVersion = (folder) => JSON.parse(readFileSync(`${folder}/package.json`, 'utf8')).version;
const machine = {
  processor: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  memoryBytes: totalmem(),
  system: system(),
  chromium: results[0]?.version,
  onnxruntime: packageVersion(`${root}/node_modules/onnxruntime-web`),
  transformers: packageVersion(fileURLToPath(new URL('node_modules/@huggingface/transformers', import.meta.url))),
  peersOnnxruntime: packageVersion(fileURLToPath(new URL('node_modules/onnxruntime-web', import.meta.url))),
};
const calls = ['dispatches', 'passes', 'submits', 'copies', 'writes', 'maps', 'stalls'];
if (options.out !== undefined) {
  mkdirSync(dirname(options.out), { recursive: true });
  writeFileSync(
    options.out,
    `${JSON.stringify({ machine, provider, threads: Number(options.threads), adapter: options.adapter, grid, steps, results }, null, 2)}\n`,
  );
}

if (onlyCalls) {
  printCalls();
  process.exit();
}

/** What a run cost: processor time of the page, which other programs do not lengthen, where the system tells it; else time by the clock. */
const cost = (run) => (run.processorMs ?? run.totalMs) / run.steps;
const clock = (run) => run.totalMs / run.steps;
/** The ratio to a peer within each round, then the median: what slows a round down slows both. */
const ratio = (result, of, by) => median(result.runs.map((run, round) => by(of.runs[round]) / by(run))).toFixed(2);
const medianOf = (runs, by, digits) => median(runs.map(by)).toFixed(digits);
const [first, second] = ['transformers', 'loop'].map((key) => results.find((result) => result.key === key));
console.log(
  `${machine.processor}, ${machine.cores} cores; Chromium ${machine.chromium}; onnxruntime-web ${machine.onnxruntime}, transformers.js ${machine.transformers} with ${machine.peersOnnxruntime}`,
);
console.log(
  `${provider}, ${options.threads} thread(s), ${steps} tokens a picture, ${rounds} interleaved rounds, medians; a step is one token of both pictures; ratios of processor time and, in brackets, of time by the clock.`,
);
const header = [
  '',
  'processor ms/step',
  'clock ms/step',
  'x (1)',
  'x (2)',
  'first token',
  'peak memory',
  ...(provider === 'cpu' ? [] : [...calls, 'GPU buffers']),
];
const rows = results.map(({ name, runs, peakBytes }) => [
  name,
  medianOf(runs, cost, 1),
  medianOf(runs, clock, 1),
  ...[first, second].map((of) => (of ? `${ratio({ runs }, of, cost)} (${ratio({ runs }, of, clock)})` : '')),
  `${median(runs.map(({ firstTokenMs }) => firstTokenMs)).toFixed(0)} ms`,
  peakBytes === null ? 'unknown' : megabytes(peakBytes),
  ...(provider === 'cpu'
    ? []
    : [
        ...calls.map((name) => medianOf(runs, (run) => run.calls[name], 2)),
        megabytes(Math.max(...runs.map((run) => run.calls.peakBufferBytes))),
      ]),
]);
printTable([header, ...rows]);

function printTable(table) {
  const widths = table[0].map((_, column) => Math.max(...table.map((cells) => cells[column].length)));
  for (const cells of table)
    console.log(
      cells
        .map((cell, column) => cell.padEnd(widths[column]))
        .join('  ')
        .trimEnd(),
    );
}

/** Calls of a step after the prompt, as they are the same every time, and how many times as many the first peer makes. */
function printCalls() {
  const of = ({ runs: [{ calls: counted }] }) => counted;
  const first = results.find(({ key }) => key === 'transformers');
  console.log(
    `${options.layers} layers, ${grid * grid} tokens; a step is one token of both pictures, the prompt's run apart; x (1): how many times as many calls transformers.js makes.`,
  );
  printTable([
    ['', ...calls, 'maps a row', 'dispatches x (1)', 'submits x (1)'],
    ...results.map((result) => [
      result.name,
      ...calls.map((name) => of(result)[name].toFixed(2)),
      (of(result).maps * grid).toFixed(2),
      ...['dispatches', 'submits'].map((name) => (first ? (of(first)[name] / of(result)[name]).toFixed(2) : '')),
    ]),
  ]);
}
