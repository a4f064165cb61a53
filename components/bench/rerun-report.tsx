'use client';
import clsx from 'clsx';
import { Button } from '@/components/ui/button';
import { Popover } from '@/components/ui/popover';
import type { RerunReport as Report } from '@/lib/engine';
import { useController, useSession } from '@/lib/state';

const sentence = ({ steps, sides: { a, b } }: Report): string =>
  a.agree === steps && b.agree === steps
    ? `This machine takes the same token at all ${steps} steps of both sides.`
    : `This machine takes the same token at ${a.agree} of ${steps} steps of A and ${b.agree} of ${steps} of B.`;

/** The side and step of the nearest call, over both sides. */
const closest = ({ sides }: Report) => {
  const side = sides.a.smallestMargin <= sides.b.smallestMargin ? 'a' : 'b';
  const { smallestMargin, smallestMarginStep } = sides[side];
  return smallestMarginStep < 0 ? null : { side, nats: smallestMargin, step: smallestMarginStep };
};

const steps = (mismatches: readonly number[]): string =>
  mismatches.slice(0, 8).join(', ') + (mismatches.length > 8 ? ` and ${mismatches.length - 8} more` : '');

/** How a replay on this machine went, beside the comparison that it replayed. */
export function RerunReport({ frameKey }: { readonly frameKey: string }) {
  const rerun = useSession((state) => state.rerun);
  const controller = useController();
  if (rerun === null || rerun.frameKey !== frameKey) return null;
  if (rerun.phase === 'loading') {
    return (
      <span className="flex items-center gap-2 text-mut">
        Loading the model for the rerun…
        <Button className="h-6!" onClick={controller.stop}>
          Stop
        </Button>
      </span>
    );
  }
  if (rerun.phase === 'running') {
    return (
      <span className="flex items-center gap-2">
        <span className="num text-mut">
          rerun {rerun.steps} / {rerun.total}
        </span>
        <Button className="h-6!" onClick={controller.stop}>
          Stop
        </Button>
      </span>
    );
  }
  const { report } = rerun;
  if (report === null) return null;
  const { a, b } = report.sides;
  const identical = a.agree === report.steps && b.agree === report.steps;
  const call = closest(report);
  return (
    <span className="flex items-center gap-2 max-sm:flex-wrap sm:whitespace-nowrap">
      <Popover
        title="Rerun on this machine"
        trigger={
          <button
            type="button"
            className={clsx(
              'font-medium underline decoration-dotted underline-offset-3',
              identical ? 'text-ok' : 'text-warn',
            )}
          >
            rerun: {identical ? 'every token the same' : `${a.agree + b.agree} of ${2 * report.steps} tokens the same`}
          </button>
        }
      >
        <div className="grid gap-2">
          <p>{sentence(report)}</p>
          {a.mismatches.length > 0 && <p>A differs at step {steps(a.mismatches)}.</p>}
          {b.mismatches.length > 0 && <p>B differs at step {steps(b.mismatches)}.</p>}
          {call !== null && (
            <p>
              The nearest call was at step {call.step} of {call.side.toUpperCase()}: the token won by{' '}
              <span className="num">{call.nats.toPrecision(2)}</span> nats.
            </p>
          )}
          <p className="text-mut">
            The author’s tokens were forced, so each step was judged after the author’s history.
          </p>
          {rerun.filledIn && (
            <p className="text-mut">Numbers that the link does not carry are now shown as computed on this machine.</p>
          )}
        </div>
      </Popover>
      <Button
        className="h-6!"
        onClick={controller.drawFreely}
        title="Draws the same prompts and settings anew, without the author’s tokens"
      >
        Draw freely here
      </Button>
    </span>
  );
}
