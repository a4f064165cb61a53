import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { freshPage, launch, measured, press, untilSaid } from './browser.mjs';
import { readSteps } from './numbers.mjs';
import { root } from './server.mjs';

/** Pairs of several kinds, with settings that stress the sampler in different ways. */
const cases = [
  { a: 'a red apple', b: 'a blue apple', more: [] },
  { a: 'two cats', b: 'three cats', more: ['--seed', '11'] },
  {
    a: 'a dog to the left of a car',
    b: 'a dog to the right of a car',
    more: ['--seed', '3', '--coupling', 'independent'],
  },
  {
    a: 'a red star and a blue heart',
    b: 'a blue star and a red heart',
    more: ['--top-k', '50', '--top-p', '0.9', '--temperature', '0.8'],
  },
];

const members = ['probability', 'entropyBits', 'promptDivergenceBits', 'crossScoreBits', 'margin'];

/**
 * Node draws; the browser is given the tokens and forced along them ("Rerun here"), and says at each step what it would have taken and
 * with which numbers. So each step is compared after the same history.
 */
export async function measureAgreement(url, { adapter, providers, say, folder }) {
  const drawn = cases.map(({ a, b, more }, i) => {
    const out = join(folder, String(i));
    execFileSync('npm', ['run', '-s', 'pair', '--', '--a', a, '--b', b, ...more, '--out', out], {
      cwd: root,
      stdio: 'ignore',
    });
    return readFileSync(join(out, 'comparison.json'), 'utf8');
  });
  const results = [];
  for (const provider of providers) {
    say(`  ${provider}…`);
    const browser = await launch(provider, adapter);
    const { context, page } = await freshPage(browser);
    await page.goto(url);
    const total = {
      provider,
      choices: 0,
      equalChoices: 0,
      steps: 0,
      differing: [],
      largest: Object.fromEntries([...members, 'divergenceBits'].map((member) => [member, 0])),
    };
    for (const [i, json] of drawn.entries()) {
      const node = JSON.parse(json);
      await page.getByRole('banner').getByRole('button', { name: 'Open', exact: true }).click();
      await page
        .getByRole('dialog')
        .locator('input[type="file"]')
        .setInputFiles({ name: `${i}.json`, mimeType: 'application/json', buffer: Buffer.from(json) });
      await page.evaluate(() => (window.measured.steps.length = 0));
      const sinceMs = await page.evaluate(() => performance.now());
      await press(page, 'Rerun here');
      await untilSaid(page, 'Rerun finished', sinceMs);
      const browserSteps = readSteps((await measured(page)).steps);
      for (const side of ['a', 'b']) {
        const steps = browserSteps[side];
        if (steps.token.length !== node.tokens[side].length)
          throw new Error(`The rerun has ${steps.token.length} steps.`);
        node.tokens[side].forEach((token, step) => {
          total.choices += 1;
          if (steps.choice[step] === token) total.equalChoices += 1;
          else
            total.differing.push({
              pair: i,
              side,
              step,
              browserMargin: steps.margin[step],
              nodeMargin: node.trace.margin?.[side][step] ?? null,
            });
          for (const member of members) {
            // The file holds the shortest decimals that give the float32 numbers back.
            const one = Math.fround(node.trace[member]?.[side][step]);
            const other = steps[member][step];
            // Where only one token is left, its margin is without bound.
            if (!Number.isFinite(one) || Math.abs(other) > 1e20) continue;
            total.largest[member] = Math.max(total.largest[member], Math.abs(one - other));
          }
        });
      }
      node.trace.divergenceBits.forEach((value, step) => {
        total.largest.divergenceBits = Math.max(
          total.largest.divergenceBits,
          Math.abs(Math.fround(value) - browserSteps.a.divergenceBits[step]),
        );
      });
      total.steps += node.tokens.a.length;
    }
    results.push(total);
    await context.close();
    await browser.close();
  }
  return results;
}
