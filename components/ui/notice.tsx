import clsx from 'clsx';
import { CircleAlert, Info, TriangleAlert, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from './button';

export interface NoticeProps {
  readonly tone: 'info' | 'warning' | 'error';
  readonly children: ReactNode;
  /** The way on. */
  readonly action?: { readonly label: string; readonly onPress: () => void };
  readonly onDismiss?: () => void;
  readonly className?: string;
}

const icons = { info: Info, warning: TriangleAlert, error: CircleAlert } as const;

/** One clear sentence and a way on. The caller decides whether it is announced (role). */
export function Notice({ tone, children, action, onDismiss, className }: NoticeProps) {
  const Icon = icons[tone];
  return (
    <div
      className={clsx(
        'flex items-center gap-2.5 rounded-xl border border-line bg-panel py-1.5 pr-2 pl-3 shadow-lift',
        className,
      )}
    >
      <Icon
        size={15}
        aria-hidden
        className={clsx(
          'shrink-0',
          tone === 'info' && 'text-mut',
          tone === 'warning' && 'text-warn',
          tone === 'error' && 'text-bad',
        )}
      />
      <div className="min-w-0 flex-1 py-0.5">{children}</div>
      {action && <Button onClick={action.onPress}>{action.label}</Button>}
      {onDismiss && (
        <Button tone="quiet" square aria-label="Dismiss" onClick={onDismiss}>
          <X size={14} aria-hidden />
        </Button>
      )}
    </div>
  );
}
