import { type Difference, differenceOf, type GrpoReport, type Measure, type Method } from './report';

export const methodNames: Readonly<Record<Method, string>> = {
  base: 'Base',
  supervised: 'More supervised training',
  vanilla: 'Vanilla GRPO',
  pair: 'Pair-GRPO',
};

export const measureNames: Readonly<Record<Measure, string>> = {
  s_a: 's_a',
  s_g: 's_g',
  gap: 'gap',
  right: 'right',
  bothRight: 'both right',
};

/** As the subject of a sentence. */
const subjects: Readonly<Record<Measure, string>> = {
  s_a: 's_a',
  s_g: 's_g',
  gap: 'the gap s_a − s_g',
  right: 'the share of right pictures',
  bothRight: 'the share of pairs with both pictures right',
};

/** Which way a difference goes as far as its interval tells: `unclear` where that includes 0. */
export type Direction = 'up' | 'down' | 'unclear';

export const directionOf = ({ interval }: Difference, measure: Measure): Direction => {
  const [low, high] = interval[measure];
  return low > 0 ? 'up' : high < 0 ? 'down' : 'unclear';
};

/** One decimal, with a true minus sign; what rounds to 0 has none. */
export const points = (value: number): string => {
  const text = Math.abs(value).toFixed(1);
  return value < 0 && Number(text) !== 0 ? `−${text}` : text;
};

export const range = ([low, high]: readonly [number, number]): string => `${points(low)} to ${points(high)}`;

const count = (value: number): string =>
  `${points(Math.abs(value))} ${points(Math.abs(value)) === '1.0' ? 'point' : 'points'}`;

/** One difference between two methods in a sentence, with its interval and what that allows to say. */
export function differenceSentence(difference: Difference, measure: Measure, later: string, earlier: string): string {
  const [mean, interval] = [difference.mean[measure], difference.interval[measure]];
  const way = mean > 0 ? 'higher' : 'lower';
  const subject = `${later} against ${earlier}: ${subjects[measure]} is `;
  if (directionOf(difference, measure) === 'unclear') {
    const amount = points(mean) === '0.0' ? 'the same' : `${count(mean)} ${way}`;
    return `${subject}${amount}, but the 95 % interval, ${range(interval)}, includes 0: these pairs cannot tell the two apart.`;
  }
  return `${subject}${count(mean)} ${way} (95 % interval ${range(interval)}).`;
}

const outcomes: Readonly<Record<Direction, Readonly<Record<Direction, string>>>> = {
  up: {
    up: 'Pair-GRPO improves on the base, by the judge and by the oracle.',
    unclear: 'Pair-GRPO improves on the base by the judge, which was its reward; what the oracle sees may be chance.',
    down: 'The judge, which was the reward, prefers Pair-GRPO to the base; the oracle finds fewer pairs right. It learned the reward rather than the task.',
  },
  unclear: {
    up: 'The oracle finds more pairs right under Pair-GRPO than under the base; what the judge sees may be chance.',
    unclear: 'Neither the judge nor the oracle can tell Pair-GRPO from the base on these pairs.',
    down: 'The oracle finds fewer pairs right under Pair-GRPO than under the base; what the judge sees may be chance.',
  },
  down: {
    up: 'The judge, which was the reward, sees Pair-GRPO below the base, and the oracle above it: they do not agree.',
    unclear: 'Pair-GRPO is worse than the base by the judge, which was its reward; what the oracle sees may be chance.',
    down: 'Pair-GRPO is worse than the base, by the judge and by the oracle.',
  },
};

/** What training did, in one sentence: s_g by the judge, and both pictures right by the oracle. Null where it was not measured. */
export function outcome(report: GrpoReport): string | null {
  const difference = differenceOf(report, 'pair', 'base');
  return difference && outcomes[directionOf(difference, 's_g')][directionOf(difference, 'bothRight')];
}

/** What the paper claims of pair groups against prompt groups at equal compute: s_g rises more, and the gap narrows. */
export function claim(report: GrpoReport): string | null {
  const difference = differenceOf(report, 'pair', 'vanilla');
  if (difference === null) return null;
  const [sg, gap] = [directionOf(difference, 's_g'), directionOf(difference, 'gap')];
  if (sg === 'up')
    return gap === 'down'
      ? 'As in the paper, pair groups raise s_g more than prompt groups do, and narrow the gap.'
      : 'As in the paper, pair groups raise s_g more than prompt groups do; that they narrow the gap does not show here.';
  if (sg === 'down') return 'Against the paper, prompt groups do better here than pair groups.';
  return 'Whether pair groups do better than prompt groups, as in the paper, does not show on these pairs.';
}

/** How many seeds each method was trained with, in words; the fewest where they differ. */
export function seedsOf({ methods }: GrpoReport): number {
  const trained = Object.entries(methods).filter(([name]) => name !== 'base');
  return Math.min(...trained.map(([, { seeds }]) => seeds.length));
}
