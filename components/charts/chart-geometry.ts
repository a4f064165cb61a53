import type { Frame } from '@/lib/state/bench';

/** Measures of the step chart, CSS pixels: A above the middle, B below it, ticks of differences between. */
export interface ChartBox {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly middle: number;
  /** Height of the plot of one side. */
  readonly reach: number;
  /** Half the height of the band of ticks. */
  readonly band: number;
  readonly steps: number;
}

/** Beside the plot, for the scales' words. */
export const CHART_MARGIN = { left: 50, right: 58 } as const;
const AXIS_HEIGHT = 18;
/** The playhead's thumb lies above the plot. */
const TOP_MARGIN = 12;

export const chartBox = (width: number, height: number, steps: number): ChartBox => {
  const middle = (height - AXIS_HEIGHT + TOP_MARGIN) / 2;
  const band = 5;
  return { width, height, ...CHART_MARGIN, middle, band, reach: middle - band - TOP_MARGIN, steps };
};

/** Centre of a step's column. */
export const stepX = ({ width, left, right, steps }: ChartBox, step: number): number =>
  left + ((width - left - right) * (step + 0.5)) / Math.max(steps, 1);

export const stepAtX = ({ width, left, right, steps }: ChartBox, x: number): number =>
  Math.min(Math.max(Math.floor(((x - left) / (width - left - right)) * steps), 0), steps - 1);

const round = (value: number): string => value.toFixed(1);

/** y of a share (0 ... 1) of one side's plot; A grows upwards, B downwards. */
export const shareY = ({ middle, band, reach }: ChartBox, side: 'a' | 'b', share: number): number =>
  side === 'a' ? middle - band - reach * share : middle + band + reach * share;

/** Bars of `values` (bits, 0 ... 1) for steps [0, drawn); what is not known leaves no bar. */
export const barsPath = (box: ChartBox, side: 'a' | 'b', values: Float32Array, drawn: number): string => {
  const width = Math.min(Math.max(((box.width - box.left - box.right) / box.steps) * 0.72, 1), 7);
  const base = shareY(box, side, 0);
  let path = '';
  for (let step = 0; step < drawn; step += 1) {
    const value = values[step] ?? Number.NaN;
    if (!(value > 0.004)) continue;
    const x = round(stepX(box, step) - width / 2);
    path += `M${x} ${round(base)}V${round(shareY(box, side, Math.min(value, 1)))}h${round(width)}V${round(base)}Z`;
  }
  return path;
};

/** A line through `values` (bits) over steps [0, drawn), `full` bits being the full height; gaps where a value is not known. */
export const linePath = (box: ChartBox, side: 'a' | 'b', values: Float32Array, drawn: number, full: number): string => {
  let path = '';
  let pen = 'M';
  for (let step = 0; step < drawn; step += 1) {
    const value = values[step] ?? Number.NaN;
    if (Number.isNaN(value)) {
      pen = 'M';
      continue;
    }
    path += `${pen}${round(stepX(box, step))} ${round(shareY(box, side, Math.min(Math.max(value / full, 0), 1)))}`;
    pen = 'L';
  }
  return path;
};

/** Upright ticks at the steps for which `has` holds. */
export const ticksPath = (box: ChartBox, drawn: number, half: number, has: (step: number) => boolean): string => {
  let path = '';
  for (let step = 0; step < drawn; step += 1) {
    if (has(step)) path += `M${round(stepX(box, step))} ${round(box.middle - half)}v${round(2 * half)}`;
  }
  return path;
};

/** Full height of the entropy scale: the smallest of a few round numbers of bits that holds every value. */
export const entropyScale = (frame: Frame, drawn: number): number => {
  let most = 0;
  for (const values of [frame.trace.entropyBits?.a, frame.trace.entropyBits?.b]) {
    if (!values) continue;
    for (let step = 0; step < drawn; step += 1) most = Math.max(most, values[step] ?? 0);
  }
  return [1, 2, 4, 6, 8, 10, 12].find((full) => most <= full) ?? 16;
};

/** Steps with a label below: the first, the last, and starts of rows in between, as many as fit. */
export const axisSteps = ({ width, left, right, steps }: ChartBox, columns: number): readonly number[] => {
  const fit = Math.max(1, Math.floor((width - left - right) / 64));
  const rows = Math.ceil(steps / columns);
  const every = [1, 2, 3, 4, 6, 8, 12].find((count) => rows / count <= fit) ?? rows;
  const labels: number[] = [];
  for (let step = 0; step < steps - (columns * every) / 2; step += columns * every) labels.push(step);
  return [...labels, steps - 1];
};
