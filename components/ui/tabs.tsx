'use client';
import { Tabs as Base } from '@base-ui/react/tabs';
import clsx from 'clsx';
import type { ReactNode } from 'react';

export interface TabsProps<V extends string> {
  readonly label: string;
  readonly value: V;
  readonly options: readonly { readonly value: V; readonly label: ReactNode }[];
  readonly onChange: (value: V) => void;
  readonly className?: string;
}

/** A row of tabs whose panel is drawn by the caller: give the panel `role="tabpanel"` and a label. */
export function Tabs<V extends string>({ label, value, options, onChange, className }: TabsProps<V>) {
  return (
    <Base.Root
      value={value}
      onValueChange={(next) => {
        const chosen = options.find((option) => option.value === next);
        if (chosen) onChange(chosen.value);
      }}
      className={clsx('min-w-0', className)}
    >
      <Base.List aria-label={label} activateOnFocus className="flex gap-0.5 overflow-x-auto [scrollbar-width:none]">
        {options.map((option) => (
          <Base.Tab
            key={option.value}
            value={option.value}
            className="rounded-md px-1.5 py-[3px] text-[13px] whitespace-nowrap text-mut transition-colors -outline-offset-2 hover:text-ink data-active:bg-soft data-active:font-medium data-active:text-ink pointer-coarse:py-2"
          >
            {option.label}
          </Base.Tab>
        ))}
      </Base.List>
    </Base.Root>
  );
}
