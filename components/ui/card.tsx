import clsx from 'clsx';
import type { ComponentPropsWithRef, ReactNode } from 'react';

/** A panel with a hairline border. */
export function Card({ className, ...rest }: ComponentPropsWithRef<'section'>) {
  return (
    <section
      className={clsx('overflow-hidden rounded-[14px] border border-line bg-panel shadow-lift', className)}
      {...rest}
    />
  );
}

/** The title row of a card. */
export function CardHeader({ className, children }: { readonly className?: string; readonly children: ReactNode }) {
  return (
    <div
      className={clsx('flex h-9 items-center gap-2 border-b border-line px-3 whitespace-nowrap short:h-8', className)}
    >
      {children}
    </div>
  );
}
