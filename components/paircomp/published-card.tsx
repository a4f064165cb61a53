import { Card, CardHeader } from '@/components/ui/card';
import { PUBLISHED, PUBLISHED_NOTE } from '@/lib/paircomp';
import { Measure } from './measure';

/** The authors' averages, marked as what they are. */
export function PublishedCard() {
  return (
    <Card aria-label="Published averages">
      <CardHeader>
        <h2 className="font-semibold">Published averages</h2>
      </CardHeader>
      <p className="px-3.5 pt-2.5 text-[13px] leading-snug text-mut">
        {PUBLISHED_NOTE} Another judge and other pairs give other numbers: nothing here may be compared with them digit
        by digit.
      </p>
      <div className="px-3.5 py-2">
        <table className="w-full border-collapse">
          <thead>
            <tr className="text-mut">
              <th scope="col" className="py-1 text-left font-normal">
                percent
              </th>
              {(['sa', 'sg', 'gap'] as const).map((measure) => (
                <th key={measure} scope="col" className="pl-3 text-right font-normal">
                  <Measure of={measure} />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {PUBLISHED.map(({ model, sa, sg }) => (
              <tr key={model} className="border-t border-line">
                <th scope="row" className="py-1 text-left font-normal">
                  {model}
                </th>
                <td className="num pl-3 text-right">{sa.toFixed(1)}</td>
                <td className="num pl-3 text-right">{sg.toFixed(1)}</td>
                <td className="num pl-3 text-right text-mut">{(sa - sg).toFixed(1)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}
