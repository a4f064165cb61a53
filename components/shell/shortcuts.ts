'use client';
import { useEffect } from 'react';
import { differencePanelViews } from '@/components/bench/difference-views';
import { type BenchController, type BenchStore, isTyping, lockNextDifference } from '@/lib/state/bench';
import { toggleTheme } from './theme-toggle';

export interface ShortcutTargets {
  readonly bench: BenchStore;
  readonly controller: BenchController;
  readonly openHelp: () => void;
  readonly openShare: () => void;
  readonly openOpen: () => void;
}

const arrows: Readonly<Record<string, readonly [rows: number, columns: number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

/** Controls that use arrow keys themselves. */
const usesArrows = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  target.closest(
    'input, textarea, select, [role="slider"], [role="tablist"], [role="group"], [role="toolbar"], [role="menu"]',
  ) !== null;

/** The keys that work anywhere on the bench. Those of a single letter never fire while somebody types. */
export const useShortcuts = ({ bench, controller, openHelp, openShare, openOpen }: ShortcutTargets): void => {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing) return;
      const { actions, hoveredStep, lockedStep, revealed } = bench.getState();
      const act = (run: () => void): void => {
        event.preventDefault();
        run();
      };
      if ((event.ctrlKey || event.metaKey) && !event.altKey) {
        if (event.key === 'Enter' && document.querySelector('[data-window]') === null) act(controller.run);
        else if (event.key === '.') act(controller.stop);
        return;
      }
      // Whatever is open in front of the bench has the single keys to itself.
      if (event.altKey || isTyping(event.target) || document.querySelector('[role="dialog"]') !== null) return;
      const arrow = arrows[event.key];
      if (arrow !== undefined) {
        if (!usesArrows(event.target)) act(() => actions.move(...arrow));
        return;
      }
      const view = differencePanelViews.find(({ shortcut }) => shortcut === event.key);
      if (view !== undefined) return act(() => actions.setView(view.name));
      switch (event.key) {
        case 'Enter':
          // A focused control has Enter to itself.
          if (event.target !== document.body) return;
          return act(() => actions.lock(lockedStep === null ? hoveredStep : null));
        case 'Escape':
          return actions.lock(null);
        case '.':
          return act(controller.stop);
        case 'p':
          return act(() => (bench.getState().status === 'drawing' ? controller.pause() : controller.resume()));
        case 'r':
          return act(() => (bench.getState().replaying ? actions.stopReplay() : actions.replay()));
        case '[':
          return act(() => actions.reveal(revealed - 1));
        case ']':
          return act(() => actions.reveal(revealed + 1));
        case 'n':
          return act(() => lockNextDifference(bench));
        case 'w':
          return act(() => actions.setComparing(bench.getState().comparing === 'wipe' ? 'beside' : 'wipe'));
        case 'b':
          return act(() => actions.setBlinks(true));
        case 'h':
          return act(actions.toggleMarks);
        case 'u':
          return act(controller.undo);
        case 's':
          return act(openShare);
        case 'o':
          return act(openOpen);
        case 't':
          return act(toggleTheme);
        case '?':
          return act(openHelp);
      }
    };
    const endBlink = (): void => bench.getState().actions.setBlinks(false);
    const onKeyUp = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() === 'b') endBlink();
    };
    window.addEventListener('keydown', onKeyDown);
    window.addEventListener('keyup', onKeyUp);
    window.addEventListener('blur', endBlink);
    return () => {
      window.removeEventListener('keydown', onKeyDown);
      window.removeEventListener('keyup', onKeyUp);
      window.removeEventListener('blur', endBlink);
    };
  }, [bench, controller, openHelp, openShare, openOpen]);
};
