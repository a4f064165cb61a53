/** The worker's end of `load` and `draw`, as peers.page.mjs calls them. */
export function serve(peer) {
  self.onmessage = async ({ data: { method, request } }) => {
    try {
      self.postMessage({ reply: (await peer[method](request)) ?? null });
    } catch (error) {
      self.postMessage({ error: String(error?.stack ?? error) });
    }
  };
}

/**
 * Times of the tokens of two prompts that are drawn one after the other, and what went to the GPU from each prompt's first token to its last, for one step of
 * both. `drawOne(prompt, onToken)` draws one.
 */
export async function timePair(prompts, drawOne) {
  const startMs = performance.now();
  const times = [];
  const calls = {};
  for (const prompt of [prompts.a, prompts.b]) {
    const seen = [];
    await drawOne(prompt, () => {
      times.push(performance.now() - startMs);
      seen.push(globalThis.gpuCalls?.() ?? {});
    });
    const first = seen[0];
    const last = seen.at(-1);
    for (const name of Object.keys(first))
      calls[name] = (calls[name] ?? 0) + (last[name] - first[name]) / Math.max(1, seen.length - 1);
  }
  return { firstTokenMs: times[0], totalMs: times.at(-1), steps: times.length / 2, calls };
}
