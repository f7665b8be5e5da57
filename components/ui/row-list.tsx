import { clsx } from 'clsx';
import Link from 'next/link';
import type { ReactNode } from 'react';

/** Rows under one another, a rule between them. */
export function RowList({ children, label }: { children: ReactNode; label: string }) {
  return (
    <ul aria-label={label} className="-mt-3 flex flex-col divide-y divide-line border-b border-line">
      {children}
    </ul>
  );
}

type RowProps = { href: string; lead: ReactNode; title: ReactNode; sub: ReactNode; end: ReactNode };

/** One thing in a list: a figure, a title over a line of state, and on the right what a person scans for. */
export function Row({ href, lead, title, sub, end }: RowProps) {
  return (
    <li className="relative flex gap-3 py-2.5 hover:bg-hover/60 md:gap-4 md:px-2">
      <span className="figures min-w-9 shrink-0 pt-px text-sm text-ink-3 md:min-w-11">{lead}</span>
      <div className="flex min-w-0 flex-1 flex-col gap-x-6 gap-y-1 md:flex-row md:items-start">
        <div className="min-w-0 flex-1">
          <Link
            data-row
            href={href}
            className={clsx(
              'line-clamp-2 font-medium foreign outline-none after:absolute after:inset-0',
              'focus-visible:after:rounded-sm focus-visible:after:outline-2 focus-visible:after:outline-accent',
            )}
          >
            {title}
          </Link>
          <div className="line-clamp-2 text-sm text-ink-2 foreign">{sub}</div>
        </div>
        <div className="flex shrink-0 flex-wrap items-center gap-x-4 gap-y-1 text-sm text-ink-3 md:max-w-[50%] md:justify-end">
          {end}
        </div>
      </div>
    </li>
  );
}

/** A narrow figure or word at the end of a row, cut where it is too long. */
export function Cell({ children, className }: { children: ReactNode; className?: string }) {
  return <span className={clsx('max-w-44 min-w-0 truncate', className)}>{children}</span>;
}
