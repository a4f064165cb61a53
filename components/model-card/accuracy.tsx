import type { ModelCard, ModelReport } from '@/lib/models';
import { Facts, NumberTable, Part } from './card-parts';
import { percent, percentWithError, settingsLine, shortCategory } from './words';

type Category = Partial<NonNullable<ModelReport['categories']>[string]> & { readonly right: number };
interface Row {
  readonly own: Category;
  readonly ceiling: { readonly right: number } | undefined;
}

/** How many pictures show what their prompts say, as shipped where that was measured. */
export function Accuracy({ card }: { readonly card: ModelCard }) {
  const report = card.asShipped ?? card.evaluation;
  if (report === undefined) return null;
  const ceiling = report.ceiling ?? card.evaluation?.ceiling;
  const rows: (readonly [string, Row])[] = [
    ...Object.entries(report.categories ?? {}).map(
      ([name, own]) => [shortCategory(name), { own, ceiling: ceiling?.categories?.[name] }] as const,
    ),
    ['All', { own: report, ceiling }],
  ];
  const {
    settings,
    blank,
    imagesPerSecond,
    differentPicturesOf20: different,
    foregroundEntropyBits,
    stepsOfPartialDivergence,
  } = report;
  return (
    <Part title="How well it draws">
      {report.how !== undefined && <p className="text-mut">{report.how}</p>}
      <NumberTable
        caption="Accuracy by category"
        summedUp
        first="category"
        rows={rows}
        columns={[
          { name: 'prompts', value: ({ own }) => own.prompts?.toString() },
          { name: 'right ± standard error', value: ({ own }) => percentWithError(own) },
          {
            name: 'both of a pair',
            value: ({ own }) => (own.bothOfPair === undefined ? undefined : percent(own.bothOfPair)),
          },
          {
            name: 'never seen together',
            value: ({ own }) => own.unseenCombination && percentWithError(own.unseenCombination),
          },
          { name: 'ceiling', value: (row) => row.ceiling && percent(row.ceiling.right) },
        ]}
      />
      {ceiling !== undefined && (
        <p className="text-mut">
          The ceiling is the ground truth, through tokenizer and pixel decoder, measured in the same way.
        </p>
      )}
      <Facts
        rows={[
          ['weights', report.weightType],
          ['settings', settings && settingsLine(settings)],
          ['blank pictures', blank === undefined ? undefined : percent(blank)],
          [
            'before quantization',
            card.asShipped && card.evaluation && `${percentWithError(card.evaluation)} right in float32`,
          ],
          [
            'different pictures',
            different &&
              `${different.median} of 20 seeds, median${different.prompts === undefined ? '' : ` of ${different.prompts} prompts`}`,
          ],
          [
            'entropy of foreground tokens',
            foregroundEntropyBits === undefined ? undefined : `${foregroundEntropyBits.toFixed(2)} bits`,
          ],
          [
            'steps whose prompts agree in part',
            stepsOfPartialDivergence === undefined ? undefined : percent(stepsOfPartialDivergence),
          ],
          [
            'speed of this measurement',
            imagesPerSecond === undefined ? undefined : `${imagesPerSecond} pictures a second`,
          ],
        ]}
      />
    </Part>
  );
}
