'use client';
import { Moon, Sun } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { writeTheme } from '@/lib/state/models';

/** Light or dark, as it is now: by choice, or by the system's preference. */
export const toggleTheme = (): void => {
  const { dataset } = document.documentElement;
  const dark =
    dataset.theme === undefined ? matchMedia('(prefers-color-scheme: dark)').matches : dataset.theme === 'dark';
  const next = dark ? 'light' : 'dark';
  dataset.theme = next;
  writeTheme(next);
};

/** Both glyphs are in the page; the style sheet shows one, so that the server need not know the theme. */
export function ThemeToggle() {
  return (
    <Button square aria-label="Light or dark" title="Light or dark (T)" onClick={toggleTheme}>
      <Moon size={14} aria-hidden className="theme-light-only" />
      <Sun size={14} aria-hidden className="theme-dark-only" />
    </Button>
  );
}
