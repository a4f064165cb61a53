import clsx from 'clsx';
import type { Side } from '@/lib/domain';
import type { Frame } from '@/lib/state/bench';
import { CodeThumbnail } from './code-thumbnail';
import { distributionWords } from './distribution-words';
import { formatProbability } from './format';

const sideText = { a: 'text-a', b: 'text-b' } as const;

/** The token that a side took at a step: its patch, its number and its probability. */
export function Taken({
  side,
  token,
  frame,
  step,
  className,
}: {
  readonly side: Side;
  readonly token: number;
  readonly frame: Frame;
  readonly step: number;
  readonly className?: string;
}) {
  const probability = frame.trace.probability?.[side][step];
  return (
    <div
      className={clsx(
        'flex min-w-0 items-center gap-2.5 rounded-[10px] border border-line px-1.5',
        className ?? 'py-1.5',
      )}
    >
      <CodeThumbnail code={token} className="size-10 rounded-[5px] short:size-8" />
      <div className="min-w-0 leading-tight">
        <div className="truncate text-mut">
          <b className={clsx('font-bold', sideText[side])}>{side.toUpperCase()}</b>{' '}
          <span className="hidden @[330px]:inline">token </span>
          <span className="num text-ink">{token}</span>
        </div>
        {probability !== undefined && (
          <div
            className="num mt-0.5 truncate text-[15px] font-semibold tracking-tight"
            title={`Probability of this token in the distribution it was drawn from, ${distributionWords(frame.settings)}`}
          >
            p {formatProbability(probability)}
          </div>
        )}
      </div>
    </div>
  );
}
