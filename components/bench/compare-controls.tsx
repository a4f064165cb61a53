'use client';
import clsx from 'clsx';
import { Columns2, Eye, SquareSplitHorizontal } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { Segmented } from '@/components/ui/segmented';
import { useBench, useBenchActions } from '@/lib/state';

const ways = [
  {
    value: 'beside',
    label: <Labelled Icon={Columns2} text="Side by side" />,
    title: 'A and B beside each other',
  },
  { value: 'wipe', label: <Labelled Icon={SquareSplitHorizontal} text="Wipe" />, title: 'B over A, up to a line (W)' },
] as const;

function Labelled({ Icon, text }: { readonly Icon: typeof Eye; readonly text: string }) {
  return (
    <span className="flex items-center gap-1.5">
      <Icon size={13} aria-hidden />
      <span className="@max-[430px]:sr-only">{text}</span>
    </span>
  );
}

/** How the pictures are compared: beside each other, with a wipe, or with B in A's place while a button is held. */
export function CompareControls({ className }: { readonly className?: string }) {
  const actions = useBenchActions();
  const comparing = useBench((state) => state.comparing);
  const isEmpty = useBench((state) => state.frame === null);
  const end = (): void => actions.setBlinks(false);
  return (
    <span className={clsx('flex items-center gap-1.5', className)}>
      <Segmented
        label="How the pictures are compared"
        value={comparing}
        options={ways}
        disabled={isEmpty}
        onChange={actions.setComparing}
      />
      <Button
        disabled={isEmpty}
        aria-label="Blink B"
        title="B in A’s place, as long as it is held (B)"
        onPointerDown={() => actions.setBlinks(true)}
        onPointerUp={end}
        onPointerCancel={end}
        onPointerLeave={end}
        onKeyDown={(event) => (event.key === ' ' || event.key === 'Enter') && actions.setBlinks(true)}
        onKeyUp={end}
        onBlur={end}
        onContextMenu={(event) => event.preventDefault()}
        className="h-[26px]! touch-none px-2! select-none"
      >
        <Eye size={13} aria-hidden />
        <span className="@max-[430px]:sr-only">Blink</span>
        <kbd className="text-[13px] text-mut pointer-coarse:hidden">B</kbd>
      </Button>
    </span>
  );
}
