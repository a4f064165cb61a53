import type { ModelJudgement } from '@/lib/models';
import { Facts, NumberTable, Part } from './card-parts';
import { ReliabilityPlot } from './reliability-plot';
import { percent, shortCategory } from './words';

type Scores = NonNullable<ModelJudgement['average']>;

/** A score as the paper prints it: of 100, with one digit. */
const score = (value: number | undefined): string | undefined =>
  value === undefined ? undefined : (100 * value).toFixed(1);

/** The model measured as the paper measures, by its own judge. */
export function Judgement({ judge }: { readonly judge: ModelJudgement }) {
  const {
    name,
    version,
    how,
    categories,
    average,
    balancedAccuracy,
    ownCaptionPreferred,
    expectedCalibrationError,
    reliability,
  } = judge;
  const rows: (readonly [string, Scores])[] = [
    ...Object.entries(categories ?? {}).map(([category, scores]) => [shortCategory(category), scores] as const),
    ...(average === undefined ? [] : [['Average', average] as const]),
  ];
  return (
    <Part title="As the paper measures">
      {how !== undefined && <p className="text-mut">{how}</p>}
      {rows.length > 0 && (
        <NumberTable
          caption="Scores by category"
          summedUp
          first="category"
          rows={rows}
          columns={[
            { name: 's_a', value: ({ s_a }) => score(s_a) },
            { name: 's_g', value: ({ s_g }) => score(s_g) },
            { name: 'gap', value: ({ gap }) => score(gap) },
            { name: 'standard error of s_a', value: ({ standardError }) => score(standardError) },
          ]}
        />
      )}
      <Facts
        rows={[
          ['judge', [name, version].filter(Boolean).join(' ')],
          ['its balanced accuracy', balancedAccuracy === undefined ? undefined : percent(balancedAccuracy)],
          [
            'prefers a picture’s own caption',
            ownCaptionPreferred === undefined ? undefined : percent(ownCaptionPreferred),
          ],
          [
            'its expected calibration error',
            expectedCalibrationError === undefined ? undefined : percent(expectedCalibrationError),
          ],
        ]}
      />
      {reliability !== undefined && reliability.length > 0 && <ReliabilityPlot bins={reliability} />}
    </Part>
  );
}
