'use client';
import { Toggle } from '@base-ui/react/toggle';
import { ToggleGroup } from '@base-ui/react/toggle-group';
import clsx from 'clsx';
import type { ReactNode } from 'react';

export interface SegmentedProps<V extends string> {
  readonly label: string;
  readonly value: V;
  readonly options: readonly { readonly value: V; readonly label: ReactNode; readonly title?: string }[];
  readonly onChange: (value: V) => void;
  readonly disabled?: boolean;
  readonly className?: string;
}

/** One of a few values, all visible. Arrow keys move between them. */
export function Segmented<V extends string>({
  label,
  value,
  options,
  onChange,
  disabled = false,
  className,
}: SegmentedProps<V>) {
  return (
    <ToggleGroup
      aria-label={label}
      value={[value]}
      disabled={disabled}
      // Pressing the chosen one again must not leave nothing chosen.
      onValueChange={(next: readonly string[]) => {
        const chosen = options.find((option) => option.value === next[0]);
        if (chosen) onChange(chosen.value);
      }}
      className={clsx('inline-flex overflow-hidden rounded-[7px] border border-line', className)}
    >
      {options.map((option) => (
        <Toggle
          key={option.value}
          value={option.value}
          title={option.title}
          className="px-2 py-[2px] text-mut transition-colors -outline-offset-2 hover:text-ink data-pressed:bg-soft data-pressed:font-medium data-pressed:text-ink pointer-coarse:py-2"
        >
          {option.label}
        </Toggle>
      ))}
    </ToggleGroup>
  );
}
