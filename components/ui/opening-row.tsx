import { clsx } from 'clsx';
import { ChevronRight } from 'lucide-react';
import { useState, type ReactNode } from 'react';

type OpeningRowProps = {
  /** The line itself. */
  children: ReactNode;
  /** What it opens to; made only when it is open. */
  body: () => ReactNode;
  className?: string;
};

/** A line of a dense list that opens to more below it. */
export function OpeningRow({ children, body, className }: OpeningRowProps) {
  const [open, setOpen] = useState(false);
  return (
    <li className="min-w-0">
      <button
        type="button"
        data-row
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className={clsx(
          'flex min-h-8 w-full min-w-0 py-1 text-left text-sm hover:bg-hover pointer-coarse:min-h-11',
          className,
        )}
      >
        <ChevronRight
          aria-hidden
          className={clsx('h-lh w-3.5 shrink-0 text-ink-3 transition-transform', open && 'rotate-90')}
        />
        {children}
      </button>
      {open && body()}
    </li>
  );
}
