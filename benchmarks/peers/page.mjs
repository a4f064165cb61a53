/** Runs in the page: one peer in a worker of its own. The page is told what to do by peers.mjs. */
import { RemoteEngine } from '../../lib/engine';

/** A peer that answers `load` and `draw` itself. */
function plainPeer(script) {
  const worker = new Worker(script, { type: 'module' });
  const call = (method, request) =>
    new Promise((resolve, reject) => {
      worker.onerror = ({ message }) => reject(new Error(message));
      worker.onmessage = ({ data }) => (data.error ? reject(new Error(data.error)) : resolve(data.reply));
      worker.postMessage({ method, request });
    });
  return { load: (request) => call('load', request), draw: (request) => call('draw', request) };
}

/** This project's engine, as the page of the playground uses it; `folder` is the model's folder on the server. */
function enginePeer() {
  const workers = { wasm: '/bundles/engine-cpu.worker.js', webgpu: '/bundles/engine-webgpu.worker.js' };
  const spawn = (executionProvider, threads) => {
    const worker = new Worker(workers[executionProvider], { type: 'module', name: String(threads) });
    worker.addEventListener('message', ({ data }) => {
      if (data?.kind === 'chunk' && data.method === 'draw') chunks.push(data.chunk.stats.length / STATS_PER_STEP);
    });
    return {
      endpoint: worker,
      onCrash: (listener) => worker.addEventListener('error', ({ message }) => listener(message)),
      terminate: () => worker.terminate(),
    };
  };
  let engine;
  let chunks = [];
  return {
    async load({ origin, name, files, provider, threads }) {
      const notices = [];
      engine = new RemoteEngine({
        spawn,
        prefer: provider === 'cpu' ? 'wasm' : 'webgpu',
        onNotice: (notice) => notices.push(notice),
        // As if it had been measured before.
        threads: { memory: { get: () => String(threads), set: () => undefined }, most: threads },
      });
      const blobs = await Promise.all(
        files.map(async (path) => [
          path,
          { blob: await (await fetch(`${origin}/${name}/resolve/main/${path}`)).blob() },
        ]),
      );
      const info = await engine.load({ kind: 'files', name, files: Object.fromEntries(blobs) });
      if (notices.length > 0) throw new Error(JSON.stringify(notices));
      return info;
    },
    /** Draws so many steps, or so many chunks: what comes back from the worker together. */
    async draw({ prompts, steps, chunks: enough = Infinity, guidanceWeight, crossLanes }) {
      const settings = {
        ...engine.info.defaults,
        seed: 7,
        guidanceWeight,
        temperature: 1,
        topK: 0,
        topP: 1,
        plausibility: 0,
      };
      const startMs = performance.now();
      const times = [];
      const tokens = [];
      chunks = [];
      for await (const { step, sides } of engine.draw({ prompts, settings, crossLanes })) {
        times.push(performance.now() - startMs);
        tokens.push([sides.a.token, sides.b.token]);
        if (step === steps - 1 || (chunks.length >= enough && times.length >= stepsOf(chunks.slice(0, enough)))) break;
      }
      return { chunks, firstTokenMs: times[0], totalMs: times.at(-1), steps: times.length, tokens };
    },
  };
}

const STATS_PER_STEP = 50;
const stepsOf = (chunks) => chunks.reduce((sum, steps) => sum + steps, 0);

const channel = new BroadcastChannel('gpu-calls');
const readCounts = () =>
  new Promise((resolve) => {
    channel.onmessage = ({ data }) => data.counts && resolve(data);
    channel.postMessage('read');
  });

window.peers = {
  start(script) {
    this.peer = script === 'engine' ? enginePeer() : plainPeer(`/bundles/${script}.worker.js`);
  },
  load(request) {
    return this.peer.load({ origin: location.origin, ...request });
  },
  async draw(request) {
    if (request.provider === 'cpu') return this.peer.draw(request);
    const before = await readCounts();
    const { calls, chunks, ...times } = await this.peer.draw(request);
    const after = await readCounts();
    return {
      ...times,
      calls: {
        ...(calls ?? callsOfChunks(chunks, after.atReads.slice(before.atReads.length))),
        peakBufferBytes: after.counts.peakBufferBytes,
      },
    };
  },
};

/** What went to the GPU for a step after the first chunk, which holds the prompt; a chunk is read back at once. */
function callsOfChunks(chunks, atReads) {
  const later = chunks.slice(1, atReads.length);
  const [first, last] = [atReads[0], atReads[later.length]];
  if (later.length === 0) return null;
  return Object.fromEntries(Object.keys(first).map((name) => [name, (last[name] - first[name]) / stepsOf(later)]));
}
