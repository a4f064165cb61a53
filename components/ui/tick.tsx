import type { ReactNode } from 'react';

export interface TickProps {
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly children: ReactNode;
}

/** A box to tick, with the words beside it. */
export function Tick({ checked, onChange, children }: TickProps) {
  return (
    <label className="flex items-start gap-2">
      <input
        type="checkbox"
        checked={checked}
        onChange={(event) => onChange(event.target.checked)}
        className="mt-[3px] size-4 shrink-0 accent-ink"
      />
      <span>{children}</span>
    </label>
  );
}
