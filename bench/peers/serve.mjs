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

/** Times of tokens of two prompts that are drawn one after the other. `drawOne(prompt, onToken)` draws one. */
export async function timePair(prompts, drawOne) {
  const startMs = performance.now();
  const times = [];
  for (const prompt of [prompts.a, prompts.b]) await drawOne(prompt, () => times.push(performance.now() - startMs));
  return { firstTokenMs: times[0], totalMs: times.at(-1), steps: times.length / 2 };
}
