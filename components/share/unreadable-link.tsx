'use client';
import { useId } from 'react';
import { Button } from '@/components/ui/button';
import { useSessionStore } from '@/lib/state';
import type { UnreadableLink as Unreadable } from '@/lib/state/bench';

/** Stands in place of any comparison when the address holds one that cannot be read: what is wrong, the address itself, and ways on. */
export function UnreadableLink({ link, onOpen }: { readonly link: Unreadable; readonly onOpen: () => void }) {
  const session = useSessionStore();
  const id = useId();
  return (
    <section aria-labelledby={id} className="mx-auto grid w-full max-w-[680px] gap-4 py-[min(10vh,88px)]">
      <h1 id={id} className="text-[24px] leading-tight font-[640] tracking-[-0.02em] text-balance">
        {link.message}
      </h1>
      <p className="text-[15px] text-mut">{link.hint}</p>
      <label className="grid gap-1">
        <span className="text-mut">The address as it came here</span>
        <textarea
          readOnly
          rows={4}
          value={new URL(link.address, window.location.href).href}
          spellCheck={false}
          onFocus={(event) => event.currentTarget.select()}
          className="num w-full resize-y rounded-lg border border-edge bg-panel px-2.5 py-2 text-[13px] break-all"
        />
      </label>
      <p className="flex flex-wrap gap-2">
        <Button tone="primary" onClick={onOpen}>
          Open another link or file
        </Button>
        <Button onClick={() => session.setState({ unreadable: null })}>Go on to the bench</Button>
      </p>
    </section>
  );
}
