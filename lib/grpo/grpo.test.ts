import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  type Difference,
  differenceOf,
  type GrpoReport,
  type Measure,
  MEASURES,
  methodOfRun,
  parseGrpoReport,
} from './report';
import { claim, differenceSentence, outcome, points } from './words';

const all = <T>(value: T): Record<Measure, T> =>
  Object.fromEntries(MEASURES.map((measure) => [measure, value])) as Record<Measure, T>;

const difference = (
  means: Partial<Record<Measure, readonly [low: number, mean: number, high: number]>>,
): Difference => ({
  mean: { ...all(0), ...Object.fromEntries(Object.entries(means).map(([measure, [, mean]]) => [measure, mean])) },
  interval: {
    ...all([-1, 1] as [number, number]),
    ...Object.fromEntries(
      Object.entries(means).map(([measure, [low, , high]]) => [measure, [low, high] as [number, number]]),
    ),
  },
});

const report = (differences: GrpoReport['differences']): GrpoReport => ({
  format: 1,
  how: 'Here.',
  settings: { guidance: 1, mask: 0.05, temperature: 1 },
  cost: {},
  methods: { base: { mean: { Average: all(50) }, interval: all([49, 51]), seeds: [all(50)] } },
  differences,
  curves: { window: 20, runs: {} },
});

test('a difference is told with its interval, and as no difference where that includes 0', () => {
  const clear = difference({ s_g: [2.04, 3.2, 4.4], gap: [-3, -1, -0.2] });
  expect(differenceSentence(clear, 's_g', 'Pair-GRPO', 'the base')).toBe(
    'Pair-GRPO against the base: s_g is 3.2 points higher (95 % interval 2.0 to 4.4).',
  );
  expect(differenceSentence(clear, 'gap', 'Pair-GRPO', 'the base')).toBe(
    'Pair-GRPO against the base: the gap s_a − s_g is 1.0 point lower (95 % interval −3.0 to −0.2).',
  );
  const unclear = difference({ s_g: [-0.5, 1.3, 3.1], right: [-1, 0.02, 1] });
  expect(differenceSentence(unclear, 's_g', 'Pair-GRPO', 'vanilla GRPO')).toBe(
    'Pair-GRPO against vanilla GRPO: s_g is 1.3 points higher, but the 95 % interval, −0.5 to 3.1, includes 0: these pairs cannot tell the two apart.',
  );
  expect(differenceSentence(unclear, 'right', 'A', 'B')).toContain('is the same, but');
  expect(points(-0.04)).toBe('0.0');
});

test('the outcome is told whichever it is', () => {
  const of = (s_g: readonly [number, number, number], bothRight: readonly [number, number, number]) =>
    outcome(report({ 'pair - base': difference({ s_g, bothRight }) }));
  const [up, none, down] = [
    [1, 2, 3],
    [-1, 0, 1],
    [-3, -2, -1],
  ] as const;
  const told = [up, none, down].flatMap((judge) => [up, none, down].map((oracle) => of(judge, oracle)));
  expect(new Set(told).size).toBe(9);
  expect(told[0]).toBe('Pair-GRPO improves on the base, by the judge and by the oracle.');
  expect(told[4]).toBe('Neither the judge nor the oracle can tell Pair-GRPO from the base on these pairs.');
  expect(told[8]).toBe('Pair-GRPO is worse than the base, by the judge and by the oracle.');
  expect(outcome(report({}))).toBeNull();
  const against = (s_g: readonly [number, number, number], gap: readonly [number, number, number]) =>
    claim(report({ 'pair - vanilla': difference({ s_g, gap }) }));
  expect(against(up, down)).toMatch(/^As in the paper.*narrow the gap\.$/);
  expect(against(up, none)).toMatch(/does not show here/);
  expect(against(none, down)).toMatch(/does not show on these pairs/);
  expect(against(down, none)).toMatch(/^Against the paper/);
});

test('a file that is no report is none, and runs belong to their methods', () => {
  const text = JSON.stringify(report({}));
  expect(parseGrpoReport(text)).not.toBeNull();
  for (const other of ['', '{}', text.replace('"format":1', '"format":2'), text.replace('Average', 'Mean')])
    expect(parseGrpoReport(other)).toBeNull();
  expect(['pair-0', 'vanilla-11', 'other-1'].map(methodOfRun)).toEqual(['pair', 'vanilla', null]);
});

const shipped = new URL('../../public/grpo/report.json', import.meta.url);
test.skipIf(!existsSync(shipped))('the report that is here can be read, with the picture of its group', () => {
  const found = parseGrpoReport(readFileSync(shipped, 'utf8'));
  expect(found).not.toBeNull();
  if (found === null) return;
  expect(differenceOf(found, 'pair', 'base')).not.toBeNull();
  expect(existsSync(new URL('group.png', shipped))).toBe(found.group !== undefined);
  for (const run of Object.keys(found.curves.runs)) expect(methodOfRun(run)).not.toBeNull();
});
