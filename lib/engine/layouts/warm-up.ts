import { NEUTRAL_SETTINGS, throwIfAborted } from '@/lib/domain';
import type { DecodeBackend } from '../decode/backend';
import type { LanePlan } from '../decode/lanes';
import { decode } from '../decode/loop';
import type { DecodePlan } from '../decode/plan';

/**
 * Draws the first chunk of nothing: compiling code and shaders belongs to loading, so that the first tokens of the first
 * drawing come as soon as those of any other. Throws `aborted` once the signal is.
 */
export async function warmUp(
  backend: Pick<DecodeBackend, 'start'>,
  lanes: LanePlan,
  prefixes: DecodePlan['prefixes'],
  signal: AbortSignal,
): Promise<void> {
  const plan: DecodePlan = { lanes, prefixes, settings: NEUTRAL_SETTINGS, forced: undefined, firstStep: 0 };
  const chunks = decode(backend, plan, signal);
  try {
    await chunks.next();
  } finally {
    await chunks.return();
  }
  throwIfAborted(signal);
}
