'use client';
import { CircleHelp, FolderOpen, Share2, Undo2 } from 'lucide-react';
import { ModelPill } from '@/components/models/model-pill';
import { Button } from '@/components/ui/button';
import { useController, useSession } from '@/lib/state';
import { Logo } from './logo';
import { QUESTION } from './question';
import { SiteNav } from './site-nav';
import { ThemeToggle } from './theme-toggle';

export interface HeaderProps {
  readonly onOpen: () => void;
  readonly onShare: () => void;
  readonly onHelp: () => void;
}

export function Header({ onOpen, onShare, onHelp }: HeaderProps) {
  const undoable = useSession((state) => state.undoable);
  const controller = useController();
  return (
    <header className="flex h-12 items-center short:h-11 gap-3.5 border-b border-line px-6 max-sm:gap-1.5 max-sm:px-3 short:px-5">
      <h1>
        <Logo />
      </h1>
      <ModelPill />
      <SiteNav />
      <p className="min-w-0 flex-1 truncate text-[14px] text-mut max-desk:sr-only">{QUESTION}</p>
      <span className="flex-1 desk:hidden" />
      {undoable !== null && (
        <Button
          onClick={controller.undo}
          title={`Undo: ${undoable} (U)`}
          aria-label={`Undo: ${undoable}`}
          tone="quiet"
          square
        >
          <Undo2 size={15} aria-hidden />
        </Button>
      )}
      <Button onClick={onOpen} title="Open a link or a file (O)">
        <FolderOpen size={14} aria-hidden className="sm:hidden" />
        <span className="max-sm:sr-only">Open</span>
      </Button>
      <Button onClick={onShare} title="Share (S)">
        <Share2 size={14} aria-hidden className="sm:hidden" />
        <span className="max-sm:sr-only">Share</span>
      </Button>
      <ThemeToggle />
      <Button square aria-label="Keys and words" title="Keys and words (?)" onClick={onHelp}>
        <CircleHelp size={15} aria-hidden />
      </Button>
    </header>
  );
}
