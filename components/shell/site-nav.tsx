'use client';
import clsx from 'clsx';
import { Menu } from 'lucide-react';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { buttonClass } from '@/components/ui/button';
import { Popover } from '@/components/ui/popover';

const pages = [
  { href: '/', name: 'Bench', title: 'Two prompts, side by side' },
  { href: '/paircomp', name: 'PairComp', title: 'The benchmark of prompt pairs' },
  { href: '/pair-grpo', name: 'Pair-GRPO', title: 'What reinforcement learning over pairs of prompts changes' },
  { href: '/model', name: 'Model', title: 'How good the embedded models and their judge are' },
] as const;

/** The pages of the site, the same on each; on a narrow screen behind one button. */
export function SiteNav() {
  return (
    <>
      <nav aria-label="Pages" className="flex gap-0.5 max-sm:hidden">
        <Links />
      </nav>
      <span className="sm:hidden">
        <Popover
          title="Pages"
          align="start"
          trigger={
            <button type="button" aria-label="Pages" className={buttonClass({ square: true })}>
              <Menu size={15} aria-hidden />
            </button>
          }
        >
          <nav aria-label="Pages" className="grid gap-1">
            <Links />
          </nav>
        </Popover>
      </span>
    </>
  );
}

function Links() {
  const here = usePathname();
  return pages.map(({ href, name, title }) => (
    <Link
      key={href}
      href={href}
      title={title}
      aria-current={href === here ? 'page' : undefined}
      className={clsx(
        'rounded-md px-2 py-1 whitespace-nowrap hover:bg-soft pointer-coarse:py-2',
        href === here ? 'bg-soft font-medium text-ink' : 'text-mut',
      )}
    >
      {name}
    </Link>
  ));
}
