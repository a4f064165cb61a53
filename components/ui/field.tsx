import clsx from 'clsx';
import { useId } from 'react';
import type { ReactNode } from 'react';

export interface FieldProps {
  readonly label: string;
  /** Text, so that what was typed stays even when it is not a usable value. */
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** One sentence that says what is wrong; null when the value is usable. */
  readonly problem?: string | null;
  readonly inputMode?: 'numeric' | 'decimal';
  readonly placeholder?: string;
  /** Width of the field in characters. */
  readonly characters?: number;
  readonly disabled?: boolean;
  readonly onStep?: (direction: 1 | -1) => void;
  readonly after?: ReactNode;
  readonly stacked?: boolean;
}

/** A number with its label in one line; arrow up and down step it. */
export function Field(props: FieldProps) {
  const {
    label,
    value,
    onChange,
    problem = null,
    inputMode = 'decimal',
    placeholder,
    characters = 5,
    disabled = false,
    onStep,
    after,
    stacked = false,
  } = props;
  const id = useId();
  return (
    <span className={clsx('inline-flex items-center gap-1', stacked && 'w-full justify-between')}>
      <label htmlFor={id} className="whitespace-nowrap text-mut">
        {label}
      </label>
      <span className="inline-flex items-center gap-0.5">
        <input
          id={id}
          value={value}
          disabled={disabled}
          inputMode={inputMode}
          autoComplete="off"
          spellCheck={false}
          {...(placeholder === undefined ? {} : { placeholder })}
          aria-invalid={problem !== null}
          aria-describedby={problem === null ? undefined : `${id}-problem`}
          onChange={(event) => onChange(event.target.value)}
          onKeyDown={(event) => {
            if (!onStep || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return;
            event.preventDefault();
            onStep(event.key === 'ArrowUp' ? 1 : -1);
          }}
          style={{ width: `calc(${Math.max(characters, value.length)}ch + 11px)` }}
          className={clsx(
            'num h-6 max-w-[150px] min-w-6 rounded-md border bg-transparent px-1 font-medium text-ink transition-colors hover:border-edge focus:border-edge pointer-coarse:h-8',
            'placeholder:text-ink disabled:opacity-50',
            problem !== null ? 'border-bad' : stacked ? 'border-edge' : 'border-transparent',
          )}
        />
        {after}
      </span>
      {problem !== null && (
        <span id={`${id}-problem`} className="sr-only">
          {problem}
        </span>
      )}
    </span>
  );
}
