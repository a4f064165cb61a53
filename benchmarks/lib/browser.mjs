import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright-core';

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

export function chromiumPath() {
  const onPath = (process.env.PATH ?? '').split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
  const found = [process.env.CHROMIUM_PATH, ...onPath].find((path) => path && existsSync(path));
  if (!found) throw new Error('No Chromium was found; set CHROMIUM_PATH.');
  return found;
}

const quiet = [
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

/** How each execution provider is had in a headless browser. `adapter` is a real one, or SwiftShader's. */
const flags = (provider, adapter) => {
  if (provider === 'cpu') return ['--disable-gpu'];
  const common = ['--enable-unsafe-webgpu', '--enable-features=Vulkan'];
  return adapter === 'real' ? common : [...common, '--use-webgpu-adapter=swiftshader', '--use-vulkan=swiftshader'];
};

export const chromiumArguments = (provider, adapter = 'software') => [...quiet, ...flags(provider, adapter)];

export const launch = (provider, adapter = 'software') =>
  chromium.launch({ executablePath: chromiumPath(), args: chromiumArguments(provider, adapter) });

/** Listens, from before the first script, to what the page shows and tells, with times since navigation. */
function listen() {
  const marks = [];
  const longTasks = [];
  const steps = [];
  Object.assign(window, { measured: { marks, longTasks, steps } });
  const mark = (kind, value) => marks.push({ kind, value, atMs: performance.now() });
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) longTasks.push({ atMs: startTime, durationMs: duration });
  }).observe({ type: 'longtask', buffered: true });

  // The raw numbers of every step, as they arrive from the worker that draws.
  const Plain = window.Worker;
  window.Worker = class extends Plain {
    constructor(...args) {
      super(...args);
      this.addEventListener('message', ({ data }) => {
        if (data?.kind === 'chunk' && data.method === 'draw')
          steps.push({ firstStep: data.chunk.firstStep, stats: [...data.chunk.stats] });
      });
    }
  };

  let counter = null;
  let spoken = null;
  let hasPicture = false;
  const isPainted = () => {
    const canvas = document.querySelector('section[aria-label="Picture A"] canvas');
    if (!canvas || canvas.width === 0) return false;
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    return new Set(new Uint32Array(data.buffer)).size > 64;
  };
  const frame = () => {
    const count =
      document.querySelector('section[aria-label="Picture A"] [title="Tokens shown of all tokens of the picture"]')
        ?.textContent ?? '';
    if (count !== '' && count !== counter) mark('shown', (counter = count));
    const said = document.querySelector('[role="status"].sr-only')?.textContent ?? '';
    if (said !== '' && said !== spoken) mark('said', (spoken = said));
    if (!hasPicture && /^(\d+)\/\1$/.test(count) && isPainted()) {
      hasPicture = true;
      // What is on the canvas in this frame is on screen with the next.
      requestAnimationFrame(() => mark('picture'));
    }
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}

/** A page in a profile that has never seen the site, with everything it requests. */
export async function freshPage(browser, viewport = { width: 1440, height: 900 }) {
  const context = await browser.newContext({ viewport });
  const requests = [];
  context.on('request', (request) => requests.push(request));
  await context.addInitScript(listen);
  const page = await context.newPage();
  page.setDefaultTimeout(600_000);
  return { context, page, requests };
}

/** Bytes of bodies as transferred, by file. */
export async function transferred(requests) {
  const files = {};
  for (const request of requests) {
    const sizes = await request.sizes().catch(() => null);
    if (sizes === null) continue;
    const name = new URL(request.url()).pathname.split('/').at(-1) || '/';
    files[name] = (files[name] ?? 0) + Math.max(sizes.responseBodySize, 0);
  }
  return { files, totalBytes: Object.values(files).reduce((sum, bytes) => sum + bytes, 0) };
}

export const measured = (page) => page.evaluate(() => window.measured);

export const press = (page, name) => page.getByRole('button', { name }).first().click();

export async function typePrompts(page, { a, b }) {
  await page.getByRole('textbox', { name: 'Prompt A' }).fill(a);
  await page.getByRole('textbox', { name: 'Prompt B' }).fill(b);
}

/** Polls from outside: the page's policy forbids evaluating text as code, which Playwright's own waiting does. */
async function until(page, what, condition, argument, timeoutMs = 300_000) {
  const deadline = Date.now() + timeoutMs;
  while (!(await page.evaluate(condition, argument))) {
    if (Date.now() > deadline)
      throw new Error(`Waited in vain for ${what}: ${JSON.stringify((await measured(page)).marks.slice(-5))}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Waits until screen readers were told something since `sinceMs`. */
export const untilSaid = (page, beginning, sinceMs = 0) =>
  until(
    page,
    `“${beginning}”`,
    ([text, since]) =>
      window.measured.marks.some(({ kind, value, atMs }) => kind === 'said' && atMs >= since && value.startsWith(text)),
    [beginning, sinceMs],
  );

export const untilPicture = (page) =>
  until(page, 'the picture', () => window.measured.marks.some(({ kind }) => kind === 'picture'));

export const untilAllShown = (page) =>
  until(page, 'all tokens', () =>
    /^(\d+)\/\1$/.test(window.measured.marks.findLast(({ kind }) => kind === 'shown')?.value ?? ''),
  );

/** Time between the frames of the page while `act` runs. */
export async function frames(page, act) {
  await page.evaluate(() => {
    const times = [];
    const record = { times, going: true };
    const tick = (timeMs) => {
      times.push(timeMs);
      if (record.going) requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
    window.frameRecord = record;
  });
  await act();
  const times = await page.evaluate(() => {
    window.frameRecord.going = false;
    return window.frameRecord.times;
  });
  const gaps = times.slice(1).map((time, i) => time - times[i]);
  const seconds = (times.at(-1) - times[0]) / 1000;
  return {
    frames: gaps.length,
    framesPerSecond: gaps.length / seconds,
    worstMs: Math.max(...gaps),
    above20msShare: gaps.filter((gap) => gap > 20).length / gaps.length,
  };
}
