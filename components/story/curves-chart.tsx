import { nice, ticks } from 'd3-array';
import { NumberTable } from '@/components/model-card/card-parts';
import { type GrpoReport, type Method, methodNames, methodOfRun } from '@/lib/grpo';

type Points = readonly (readonly [step: number, value: number])[];
interface Line {
  readonly run: string;
  readonly method: Method;
  readonly seed: number;
  readonly points: Points;
}

/** A method has a colour, a seed a dash. */
const strokes: Readonly<Partial<Record<Method, string>>> = {
  pair: 'stroke-a',
  vanilla: 'stroke-b',
  supervised: 'stroke-neg',
};
const fills: Readonly<Partial<Record<Method, string>>> = { pair: 'bg-a', vanilla: 'bg-b', supervised: 'bg-neg' };
const dashes = [undefined, '5 3', '2 3'] as const;

const WIDTH = 380;
const HEIGHT = 200;
const LEFT = 46;
const BOTTOM = 22;
const TOP = 8;
/** About so many lines across a panel. */
const LINES = 4;

const panels = [
  { key: 'reward', title: 'mean reward of the rollouts' },
  { key: 'kl', title: 'KL from the base, nats a token' },
] as const;

const linesOf = ({ runs }: GrpoReport['curves'], key: 'reward' | 'kl'): readonly Line[] =>
  Object.entries(runs).flatMap(([run, curve]) => {
    const [method, points] = [methodOfRun(run), curve[key]];
    return method === null || points === undefined || points.length === 0
      ? []
      : [{ run, method, seed: Number(run.split('-').at(-1)) || 0, points }];
  });

const short = (value: number): string =>
  Math.abs(value) < 0.1 && value !== 0 ? value.toPrecision(2) : value.toFixed(2);

/** How rewards rose while training, and how far the models went from the base. */
export function CurvesChart({ curves }: { readonly curves: GrpoReport['curves'] }) {
  const methods = [...new Set(panels.flatMap(({ key }) => linesOf(curves, key)).map(({ method }) => method))];
  if (methods.length === 0) return null;
  return (
    <figure className="grid grid-cols-1 gap-2">
      <div className="grid grid-cols-1 gap-4 sm:grid-cols-2">
        {panels.map(({ key, title }) => (
          <Panel key={key} title={title} lines={linesOf(curves, key)} />
        ))}
      </div>
      <figcaption className="flex flex-wrap items-center gap-x-4 gap-y-1 text-[13px] text-mut">
        {methods.map((method) => (
          <span key={method} className="flex items-center gap-1.5">
            <i aria-hidden className={`h-[3px] w-4 rounded-full ${fills[method] ?? 'bg-mut'}`} />
            {methodNames[method]}
          </span>
        ))}
        <span>one line a training, dashed from the second seed on; means over {curves.window} steps</span>
      </figcaption>
    </figure>
  );
}

function Panel({ title, lines }: { readonly title: string; readonly lines: readonly Line[] }) {
  if (lines.length === 0) return null;
  const values = lines.flatMap(({ points }) => points.map(([, value]) => value));
  const steps = Math.max(...lines.map(({ points }) => points.at(-1)?.[0] ?? 1));
  const [low, high] = nice(Math.min(...values), Math.max(...values), LINES);
  const span = high - low || 1;
  const marks = ticks(low, high, LINES);
  const digits = Math.max(0, ...marks.map((mark) => (String(mark).split('.')[1] ?? '').length));
  const x = (step: number): number => LEFT + ((WIDTH - LEFT - 6) * step) / steps;
  const y = (value: number): number => TOP + ((HEIGHT - TOP - BOTTOM) * (high - value)) / span;
  return (
    <div className="grid grid-cols-1 content-start gap-1">
      <h3 className="text-[13px] font-medium">{title}</h3>
      <svg
        role="img"
        aria-label={`${title}: ${lines.map(({ run, points }) => `${run} from ${short(points[0]?.[1] ?? NaN)} to ${short(points.at(-1)?.[1] ?? NaN)}`).join('; ')}`}
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        className="w-full"
      >
        {marks.map((value) => (
          <g key={value}>
            <path d={`M${LEFT} ${y(value)}H${WIDTH - 6}`} className="stroke-line" />
            <text x={LEFT - 6} y={y(value) + 3.5} textAnchor="end" className="num fill-mut text-[13px]">
              {value.toFixed(digits)}
            </text>
          </g>
        ))}
        {[0, Math.round(steps / 2), steps].map((step) => (
          <text
            key={step}
            x={x(step)}
            y={HEIGHT - 6}
            textAnchor={step === steps ? 'end' : 'middle'}
            className="num fill-mut text-[13px]"
          >
            {step === steps ? `${step} steps` : step}
          </text>
        ))}
        {lines.map(({ run, method, seed, points }) => (
          <path
            key={run}
            d={points
              .map(([step, value], i) => `${i === 0 ? 'M' : 'L'}${x(step).toFixed(1)} ${y(value).toFixed(1)}`)
              .join('')}
            fill="none"
            strokeWidth={1.75}
            strokeDasharray={dashes[Math.min(seed, 2)]}
            className={strokes[method] ?? 'stroke-mut'}
          />
        ))}
      </svg>
      <details className="text-[13px]">
        <summary className="cursor-pointer text-mut">as a table</summary>
        <NumberTable
          caption={`${title}, by step`}
          first="steps"
          rows={tableSteps(steps).map((step) => [String(step), step] as const)}
          columns={lines.map(({ run, points }) => ({
            name: run,
            value: (step: number) => nearest(points, step, steps),
          }))}
        />
      </details>
    </div>
  );
}

/** Steps of the table: ten of them. */
const tableSteps = (steps: number): readonly number[] => [
  ...new Set(Array.from({ length: 10 }, (_, i) => Math.max(1, Math.round(((i + 1) * steps) / 10)))),
];

/** The point nearest to a step, unless the curve has none near it. */
const nearest = (points: Points, step: number, steps: number): string | undefined => {
  const found = points.reduce(
    (best, point) => (Math.abs(point[0] - step) < Math.abs(best[0] - step) ? point : best),
    points[0] ?? [NaN, NaN],
  );
  return Math.abs(found[0] - step) <= steps / 20 ? short(found[1]) : undefined;
};
