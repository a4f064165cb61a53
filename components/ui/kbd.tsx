import clsx from 'clsx';
import type { ReactNode } from 'react';

export function Kbd({ children, className }: { readonly children: ReactNode; readonly className?: string }) {
  return (
    <kbd className={clsx('rounded border border-line bg-bg px-1 py-px text-[13px] text-mut', className)}>
      {children}
    </kbd>
  );
}
