'use client';
import { Dialog as Base } from '@base-ui/react/dialog';
import clsx from 'clsx';
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { buttonClass } from './button';

export interface DialogProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly title: string;
  readonly description?: string;
  readonly children: ReactNode;
  readonly className?: string;
}

/** A modal window: focus stays inside, Escape and a press outside close it, focus returns where it was. */
export function Dialog({ open, onOpenChange, title, description, children, className }: DialogProps) {
  return (
    <Base.Root open={open} onOpenChange={onOpenChange}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-[#0b0b0a]/45 transition-opacity data-ending-style:opacity-0 data-starting-style:opacity-0" />
        <Base.Popup
          data-window
          className={clsx(
            'fixed top-1/2 left-1/2 z-50 flex max-h-[min(86dvh,720px)] w-[min(560px,calc(100vw-24px))] -translate-x-1/2 -translate-y-1/2 flex-col',
            'rounded-2xl border border-line bg-panel text-ink shadow-float outline-none transition-[opacity,scale] duration-150',
            'data-ending-style:scale-[.98] data-ending-style:opacity-0 data-starting-style:scale-[.98] data-starting-style:opacity-0',
            className,
          )}
        >
          <div className="flex items-start gap-3 border-b border-line px-5 py-3.5">
            <div className="min-w-0 flex-1">
              <Base.Title className="text-[15px] font-semibold tracking-tight">{title}</Base.Title>
              {description !== undefined && (
                <Base.Description className="mt-0.5 text-mut">{description}</Base.Description>
              )}
            </div>
            <Base.Close aria-label="Close" className={clsx(buttonClass({ tone: 'quiet', square: true }), '-mr-2')}>
              <X size={15} aria-hidden />
            </Base.Close>
          </div>
          {/* Focusable, so that the keyboard can scroll what does not fit. */}
          <div tabIndex={0} className="min-h-0 overflow-y-auto rounded-b-2xl px-5 py-4 -outline-offset-2">
            {children}
          </div>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
