import { clsx } from 'clsx';
import { CircleAlert, Info, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';

const looks = {
  info: { icon: Info, box: 'border-line-strong bg-sunken', mark: 'text-ink-2' },
  warn: { icon: TriangleAlert, box: 'border-needs-ink/40 bg-needs-soft', mark: 'text-needs-ink' },
  bad: { icon: CircleAlert, box: 'border-bad/40 bg-bad-soft', mark: 'text-bad' },
} as const;

type Props = {
  look?: keyof typeof looks;
  title?: ReactNode;
  children?: ReactNode;
  action?: ReactNode;
  className?: string;
};

/** Something a person should know before going on: what happened, what is safe, what to do. */
export function Notice({ look = 'info', title, children, action, className }: Props) {
  const { icon: Icon, box, mark } = looks[look];
  return (
    <div
      role={look === 'bad' ? 'alert' : 'note'}
      className={clsx('flex gap-2.5 rounded-md border px-3 py-2.5', box, className)}
    >
      <Icon aria-hidden className={clsx('mt-[3px] size-4 shrink-0', mark)} />
      <div className="flex min-w-0 flex-1 flex-col items-start gap-1">
        {title && <p className="font-medium foreign">{title}</p>}
        {children && <div className="max-w-[76ch] text-sm text-ink-2 foreign">{children}</div>}
        {action && <div className="pt-1">{action}</div>}
      </div>
    </div>
  );
}
