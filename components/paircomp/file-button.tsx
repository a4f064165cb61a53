import clsx from 'clsx';
import { buttonClass } from '@/components/ui/button';

export interface FileButtonProps {
  readonly label: string;
  readonly disabled?: boolean;
  readonly onFile: (file: File) => void;
}

/** A button that opens the choice of a JSON file or a table. */
export function FileButton({ label, disabled = false, onFile }: FileButtonProps) {
  return (
    <label
      className={clsx(
        buttonClass(),
        'cursor-pointer focus-within:outline-2 focus-within:outline-offset-2 focus-within:outline-ink',
        disabled ? 'opacity-45' : 'hover:bg-soft',
      )}
    >
      {label}
      <input
        type="file"
        accept=".json,.csv,.tsv,.txt,application/json,text/csv"
        className="sr-only"
        disabled={disabled}
        onChange={(event) => {
          const [file] = event.target.files ?? [];
          // The same file may be chosen again after it was corrected.
          event.target.value = '';
          if (file !== undefined) onFile(file);
        }}
      />
    </label>
  );
}
