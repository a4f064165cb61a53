/** Measures a running build; see README.md. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir, totalmem, type as system } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  chromiumPath,
  frames,
  freshPage,
  launch,
  measured,
  press,
  transferred,
  typePrompts,
  untilAllShown,
  untilPicture,
  untilSaid,
} from './lib/browser.mjs';
import { measureAgreement } from './lib/agreement.mjs';
import { median, megabytes, seconds } from './lib/numbers.mjs';
import { root, startServer } from './lib/server.mjs';

const { values: options } = parseArgs({
  options: {
    url: { type: 'string' },
    out: { type: 'string' },
    only: { type: 'string', default: 'first,bytes,cpu,webgpu,frames,node,agreement' },
    adapter: { type: 'string', default: 'software' },
    providers: { type: 'string', default: 'cpu,webgpu' },
    json: { type: 'boolean', default: false },
  },
});
const parts = new Set(options.only.split(','));
const prompts = { a: 'a red apple', b: 'a blue apple' };
const say = (text) => console.error(text);

const heavy = /\.(onnx|wasm)$|^weights\.bin$/;
const linkOf = async (page) => {
  await page.getByRole('banner').getByRole('button', { name: 'Share', exact: true }).click();
  const link = await page.getByRole('dialog').getByRole('textbox', { name: 'Link' }).inputValue();
  await page.keyboard.press('Escape');
  return link;
};

/** Navigation to the first recorded comparison painted, in fresh profiles. */
async function firstPicture(url) {
  const browser = await launch('cpu');
  const times = [];
  let bytes = null;
  for (let run = 0; run < 5; run += 1) {
    const { context, page, requests } = await freshPage(browser);
    await page.goto(url);
    await untilPicture(page);
    times.push((await measured(page)).marks.find(({ kind }) => kind === 'picture').atMs);
    await page.waitForLoadState('networkidle');
    bytes = await transferred(requests);
    await context.close();
  }
  await browser.close();
  const modelBytes = Object.entries(bytes.files).reduce((sum, [name, size]) => sum + (heavy.test(name) ? size : 0), 0);
  return { timesMs: times, medianMs: median(times), modelBytes, totalBytes: bytes.totalBytes, files: bytes.files };
}

/** One live run in a fresh profile: bytes, times since the press of Run, and long tasks. */
async function liveRun(url, provider) {
  const browser = await launch(provider, options.adapter);
  const { context, page, requests } = await freshPage(browser);
  await page.goto(url);
  await untilPicture(page);
  await typePrompts(page, prompts);
  const draw = async () => {
    const pressedMs = await page.evaluate(() => performance.now());
    await press(page, /^Run pair/);
    await untilSaid(page, 'The pair is finished', pressedMs);
    await untilAllShown(page);
    const { marks, longTasks } = await measured(page);
    const after = marks.filter(({ atMs }) => atMs >= pressedMs);
    const drawingMs = after.find(({ kind, value }) => kind === 'said' && value === 'Drawing.').atMs;
    const shown = after.filter(({ kind, atMs }) => kind === 'shown' && atMs >= drawingMs);
    const first = shown.find(({ value }) => Number(value.split('/')[0]) >= 1 && !/^(\d+)\/\1$/.test(value));
    const finishedMs = after.find(({ kind, value }) => kind === 'said' && value === 'The pair is finished.').atMs;
    const shownMs = shown.at(-1).atMs;
    const drawingTasks = longTasks.filter(({ atMs }) => atMs >= drawingMs && atMs <= shownMs);
    return {
      loadMs: drawingMs - pressedMs,
      firstTokenMs: first.atMs - drawingMs,
      allTokensMs: finishedMs - drawingMs,
      allShownMs: shownMs - drawingMs,
      longestTaskMs: Math.max(0, ...drawingTasks.map(({ durationMs }) => durationMs)),
      longTasks: drawingTasks.length,
      longestLoadTaskMs: Math.max(
        0,
        ...longTasks.filter(({ atMs }) => atMs >= pressedMs && atMs < drawingMs).map(({ durationMs }) => durationMs),
      ),
    };
  };
  const first = await draw();
  await page.waitForLoadState('networkidle');
  const bytes = await transferred(requests);
  const pill = await page.getByRole('button', { name: 'Model and capabilities' }).textContent();
  // With the model loaded already.
  const again = provider === 'cpu' ? [await draw(), await draw()] : [];
  const link = await linkOf(page);
  await context.close();
  await browser.close();
  return { pill, first, again, bytes, link };
}

/** Opening a link in a fresh profile. */
async function openLink(link) {
  const browser = await launch('cpu');
  const { context, page, requests } = await freshPage(browser);
  await page.goto(link);
  await untilPicture(page);
  await page.waitForLoadState('networkidle');
  const { marks } = await measured(page);
  const bytes = await transferred(requests);
  await context.close();
  await browser.close();
  return { pictureMs: marks.find(({ kind }) => kind === 'picture').atMs, linkCharacters: link.length, bytes };
}

/** Frames while a recorded comparison is replayed and scrubbed. */
async function frameRates(url) {
  const browser = await launch('cpu');
  const { context, page } = await freshPage(browser);
  await page.goto(url);
  await untilPicture(page);
  await page.waitForLoadState('networkidle');
  const result = { resting: await frames(page, () => page.waitForTimeout(1000)) };
  for (const speed of ['1×', '4×']) {
    await press(page, speed);
    await press(page, 'First step');
    await page.waitForTimeout(200);
    await press(page, /^Replay$/);
    await page.waitForTimeout(50);
    result[`replay ${speed}`] = await frames(page, () => page.waitForTimeout(1500));
    await press(page, 'Last step');
  }
  const box = await page.getByRole('slider', { name: 'Playhead' }).boundingBox();
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + 2, y);
  await page.mouse.down();
  result.scrub = await frames(page, async () => {
    for (let sweep = 0; sweep < 2; sweep += 1) {
      for (let i = 0; i <= 60; i += 1) {
        const share = sweep === 0 ? i / 60 : 1 - i / 60;
        await page.mouse.move(box.x + 2 + share * (box.width - 4), y);
      }
    }
  });
  await page.mouse.up();
  await context.close();
  await browser.close();
  return result;
}

/** The command line, three times. */
function inNode() {
  const runs = [];
  for (let run = 0; run < 3; run += 1) {
    const text = execFileSync('npm', ['run', '-s', 'pair', '--', '--a', prompts.a, '--b', prompts.b, '--json'], {
      cwd: root,
      encoding: 'utf8',
      maxBuffer: 1e8,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const { elapsedMs, tokens } = JSON.parse(text);
    runs.push({ elapsedMs, steps: tokens.a.length });
  }
  const elapsedMs = median(runs.map((run) => run.elapsedMs));
  return { runs, elapsedMs, msPerStep: elapsedMs / runs[0].steps };
}

const browserVersion = async () => {
  const browser = await launch('cpu');
  const version = browser.version();
  await browser.close();
  return version;
};

const machine = async () => ({
  processor: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  memoryBytes: totalmem(),
  system: system(),
  node: process.version,
  chromium: await browserVersion(),
  onnxruntime: JSON.parse(readFileSync(join(root, 'node_modules/onnxruntime-web/package.json'), 'utf8')).version,
  model: JSON.parse(readFileSync(join(root, 'public/models/index.json'), 'utf8')).default,
  date: new Date().toISOString(),
});

chromiumPath();
const server = options.url === undefined ? await startServer() : { url: options.url, stop: () => undefined };
const results = { machine: await machine() };
try {
  if (parts.has('first')) {
    say('Time to the first recorded comparison…');
    results.first = await firstPicture(server.url);
  }
  if (parts.has('bytes') || parts.has('cpu')) {
    say('A live run on the CPU, fresh profile, three times…');
    const runs = [];
    for (let run = 0; run < 3; run += 1) runs.push(await liveRun(server.url, 'cpu'));
    results.cpu = {
      runs: runs.map(({ first, again }) => ({ first, again })),
      pill: runs[0].pill,
      bytes: runs[0].bytes,
    };
    say('Opening its link, fresh profile…');
    results.link = await openLink(runs[0].link);
  }
  if (parts.has('webgpu')) {
    say(`A live run on WebGPU (${options.adapter} adapter), fresh profile…`);
    results.webgpu = await liveRun(server.url, 'webgpu');
  }
  if (parts.has('frames')) {
    say('Frames of replay and scrubbing…');
    results.frames = await frameRates(server.url);
  }
  if (parts.has('node')) {
    say('The command line…');
    results.node = inNode();
  }
  if (parts.has('agreement')) {
    say('Agreement of Node, browser CPU and WebGPU…');
    results.agreement = await measureAgreement(server.url, {
      adapter: options.adapter,
      providers: options.providers.split(','),
      say,
      folder: mkdtempSync(join(tmpdir(), 'pairscope-agreement-')),
    });
  }
} finally {
  server.stop();
}

if (options.out !== undefined) {
  mkdirSync(dirname(options.out), { recursive: true });
  writeFileSync(options.out, `${JSON.stringify(results, null, 2)}\n`);
}

const rows = [];
const row = (what, number, target = '') => rows.push([what, number, target]);
const { first, cpu, link, webgpu, frames: rates, node, agreement } = results;
if (first) {
  row('first recorded comparison painted, median of 5', seconds(first.medianMs), '< 1.5 s');
  row('model bytes fetched for it', String(first.modelBytes), '0');
  row('all bytes fetched for it', megabytes(first.totalBytes));
}
if (cpu) {
  const firsts = cpu.runs.map((run) => run.first);
  const all = cpu.runs.flatMap((run) => [run.first, ...run.again]);
  row('first live run, CPU, as transferred, page included', megabytes(cpu.bytes.totalBytes), '<= 34 MB');
  row('load after Run, CPU, median of 3', seconds(median(firsts.map((run) => run.loadMs))));
  row('first token after load, CPU, median of 3', seconds(median(firsts.map((run) => run.firstTokenMs))), '< 0.5 s');
  row('whole pair after load, CPU, median of 3', seconds(median(firsts.map((run) => run.allTokensMs))), '<= 5 s');
  row('whole pair on screen after load, CPU, median of 3', seconds(median(firsts.map((run) => run.allShownMs))));
  row(
    'longest task of the page while drawing, CPU, 9 runs',
    `${Math.max(...all.map((run) => run.longestTaskMs)).toFixed(0)} ms`,
    '<= 50 ms',
  );
}
if (link) {
  row('opening a link, as transferred, page included', megabytes(link.bytes.totalBytes), '<= 8 MB');
  row('opening a link: pictures painted', seconds(link.pictureMs));
}
if (webgpu) {
  row(`first live run, WebGPU (${webgpu.pill.trim()}), as transferred`, megabytes(webgpu.bytes.totalBytes), '<= 34 MB');
  row('whole pair after load, WebGPU', seconds(webgpu.first.allTokensMs));
  row('longest task of the page while drawing, WebGPU', `${webgpu.first.longestTaskMs.toFixed(0)} ms`, '<= 50 ms');
}
for (const [name, rate] of Object.entries(rates ?? {})) {
  row(
    `frames, ${name}`,
    `${rate.framesPerSecond.toFixed(1)} /s, worst ${rate.worstMs.toFixed(1)} ms`,
    name === 'resting' ? '' : '60 /s',
  );
}
if (node) row('Node, a step of a pair', `${node.msPerStep.toFixed(1)} ms (${seconds(node.elapsedMs)} a pair)`);
for (const one of agreement ?? []) {
  row(`${one.provider} against Node: equal choices`, `${one.equalChoices} of ${one.choices}`);
  row(
    `${one.provider} against Node: largest difference`,
    `p ${one.largest.probability.toExponential(1)}, entropy ${one.largest.entropyBits.toExponential(1)} bits`,
  );
}
if (options.json) console.log(JSON.stringify(results, null, 2));
else {
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((cells) => cells[column].length)));
  for (const cells of rows) console.log(cells.map((cell, column) => cell.padEnd(widths[column])).join('  '));
}
