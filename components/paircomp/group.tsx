import type { ReactNode } from 'react';

/** Fields that belong together, under their name. */
export function Group({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <fieldset className="grid min-w-0 gap-1.5">
      <legend className="mb-1.5 font-medium">{title}</legend>
      {children}
    </fieldset>
  );
}
