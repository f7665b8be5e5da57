import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';

type Props = { icon: LucideIcon; title: ReactNode; children?: ReactNode; action?: ReactNode };

/** Nothing here yet: why that is so, and what to do about it. */
export function Empty({ icon: Icon, title, children, action }: Props) {
  return (
    <div className="flex flex-col items-start gap-2 border border-dashed border-line-strong rounded-md px-5 py-8 sm:items-center sm:text-center">
      <Icon aria-hidden className="size-5 text-ink-3" />
      <p className="font-medium">{title}</p>
      {children && <div className="max-w-[60ch] text-sm text-ink-2">{children}</div>}
      {action && <div className="pt-2">{action}</div>}
    </div>
  );
}
