import clsx from 'clsx';
import type { ComponentPropsWithRef } from 'react';

export interface ButtonProps extends ComponentPropsWithRef<'button'> {
  /** `primary` for the one action of a place, `quiet` for one without a border. */
  readonly tone?: 'plain' | 'primary' | 'quiet';
  /** Square, for a single glyph; give it an aria-label. */
  readonly square?: boolean;
}

export const buttonClass = ({ tone = 'plain', square = false }: Pick<ButtonProps, 'tone' | 'square'> = {}) =>
  clsx(
    'inline-flex h-7 shrink-0 items-center justify-center gap-1.5 rounded-lg border whitespace-nowrap select-none',
    'transition-colors disabled:cursor-not-allowed disabled:opacity-45 pointer-coarse:h-9',
    square ? 'w-7 pointer-coarse:w-9' : 'px-2.5',
    tone === 'plain' && 'border-line bg-panel text-ink enabled:hover:bg-soft data-popup-open:bg-soft',
    tone === 'primary' && 'border-ink bg-ink font-medium text-bg enabled:hover:opacity-85',
    tone === 'quiet' &&
      'border-transparent text-mut enabled:hover:bg-soft enabled:hover:text-ink data-popup-open:bg-soft',
  );

export function Button({ tone = 'plain', square = false, className, type = 'button', ...rest }: ButtonProps) {
  return <button type={type} className={clsx(buttonClass({ tone, square }), className)} {...rest} />;
}
