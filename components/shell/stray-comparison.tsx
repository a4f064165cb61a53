'use client';
import { usePathname } from 'next/navigation';
import { useEffect } from 'react';
import { publicPath } from '@/lib/state/page';
import { strayFragment } from '@/lib/state/sharing';

/** Opens a comparison that stands in the address of another page than the bench, where it would be ignored. */
export function StrayComparison() {
  const isBench = usePathname() === '/';
  useEffect(() => {
    if (isBench) return;
    const open = (): void => {
      const fragment = strayFragment(window.location);
      if (fragment !== null) window.location.replace(publicPath(fragment));
    };
    open();
    window.addEventListener('hashchange', open);
    return () => window.removeEventListener('hashchange', open);
  }, [isBench]);
  return null;
}
