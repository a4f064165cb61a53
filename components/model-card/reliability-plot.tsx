import type { ModelJudgement } from '@/lib/models';

const SIZE = 220;
const LEFT = 30;
const BOTTOM = 22;

/** How often pictures are right that the judge gives so much; on the diagonal it can be taken at its word. */
export function ReliabilityPlot({ bins }: { readonly bins: NonNullable<ModelJudgement['reliability']> }) {
  const most = Math.max(...bins.map(({ count }) => count), 1);
  const x = (value: number): number => LEFT + value * SIZE;
  const y = (value: number): number => 6 + (1 - value) * SIZE;
  const spoken = bins
    .filter(({ count }) => count > 0)
    .map(({ predicted, observed, count }) => `${predicted.toFixed(2)}: ${observed.toFixed(2)} of ${count}`);
  return (
    <figure className="grid justify-items-start gap-1">
      <svg
        width={LEFT + SIZE + 8}
        height={SIZE + 6 + BOTTOM}
        role="img"
        aria-label={`Reliability: given probability, and share that is right. ${spoken.join('; ')}`}
        className="max-w-full"
      >
        <rect x={LEFT} y={6} width={SIZE} height={SIZE} fill="none" stroke="var(--line)" />
        <line x1={x(0)} y1={y(0)} x2={x(1)} y2={y(1)} stroke="var(--edge)" strokeDasharray="3 3" />
        {[0, 0.5, 1].map((tick) => (
          <g key={tick} fill="var(--mut)" fontSize={11}>
            <text x={x(tick)} y={SIZE + 22} textAnchor="middle">
              {tick}
            </text>
            <text x={LEFT - 6} y={y(tick) + 4} textAnchor="end">
              {tick}
            </text>
          </g>
        ))}
        {bins.map(
          ({ predicted, observed, count }) =>
            count > 0 && (
              <circle
                key={predicted}
                cx={x(predicted)}
                cy={y(observed)}
                r={2.5 + 5 * Math.sqrt(count / most)}
                fill="var(--a)"
                fillOpacity={0.75}
              />
            ),
        )}
      </svg>
      <figcaption className="text-[13px] text-mut">
        Across: the probability that the judge gives. Up: the share of such pictures that are right. A larger dot stands
        for more pictures.
      </figcaption>
    </figure>
  );
}
