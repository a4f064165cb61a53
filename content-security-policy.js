/** What a page may load and do, whichever build it comes from. Workers, whose scripts come without a policy, may ask other hosts. */
const directives = {
  'default-src': "'self'",
  'style-src': "'self' 'unsafe-inline'",
  'img-src': "'self' blob: data:",
  'font-src': "'self'",
  'connect-src': "'self'",
  'worker-src': "'self'",
  'object-src': "'none'",
  'base-uri': "'none'",
  'form-action': "'none'",
  'frame-ancestors': "'none'",
};

/** Directives that browsers ignore in a meta tag. */
const inHeadersOnly = ['frame-ancestors'];

/**
 * The policy of a page.
 * @param {readonly string[]} scripts sources of its inline scripts: a nonce, or their hashes
 * @param {'header' | 'meta'} place where the policy stands
 */
export function contentSecurityPolicy(scripts, place) {
  const all = { ...directives, 'script-src': ["'self'", "'wasm-unsafe-eval'", ...scripts].join(' ') };
  return Object.entries(all)
    .filter(([name]) => place === 'header' || !inHeadersOnly.includes(name))
    .map(([name, sources]) => `${name} ${sources}`)
    .join('; ');
}
