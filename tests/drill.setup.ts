import { appendFileSync } from 'node:fs';
import type * as FastCheck from 'fast-check';
import { afterAll, vi } from 'vitest';

/** `npm run drill` sets both: how many times as many runs each property gets, and where they are counted. */
const { PAIRSCOPE_DRILL: factor, PAIRSCOPE_DRILL_REPORT: report } = process.env;

if (factor !== undefined && report !== undefined) {
  let runs = 0;
  vi.doMock('fast-check', async (load) => {
    const real = await load<typeof FastCheck>();
    // Its overloads tell properties with promises from others; here both are passed on as they are.
    const check = real.assert as (property: unknown, parameters: FastCheck.Parameters) => unknown;
    const assert = (property: unknown, parameters?: FastCheck.Parameters) => {
      const numRuns = (parameters?.numRuns ?? 100) * Number(factor);
      runs += numRuns;
      // Not the seed of every day: what it finds has been looked at.
      return check(property, { ...parameters, numRuns, seed: Date.now() ^ process.pid });
    };
    return { ...real, assert, default: { ...real.default, assert } };
  });
  afterAll(() => {
    appendFileSync(report, `${runs}\n`);
  });
}
