import { clsx } from 'clsx';
import { ChevronRight } from 'lucide-react';
import { useEffect, useRef, useState, type ReactNode } from 'react';

type OpeningRowProps = {
  /** The line itself. */
  children: ReactNode;
  /** What it opens to; made only when it is open. */
  body: () => ReactNode;
  className?: string;
  /** Under which a link finds it; it is open where one led here. */
  id?: string;
};

/** Whether the page's address names this element: then it is gone to once it is there. */
function useLinked(id: string | undefined) {
  const row = useRef<HTMLLIElement>(null);
  const [open, setOpen] = useState(false);
  useEffect(() => {
    if (id === undefined || decodeURIComponent(window.location.hash) !== `#${id}`) return;
    setOpen(true);
    row.current?.scrollIntoView({ block: 'center' });
  }, [id]);
  return { row, open, setOpen };
}

/** A line of a dense list that opens to more below it. */
export function OpeningRow({ children, body, className, id }: OpeningRowProps) {
  const { row, open, setOpen } = useLinked(id);
  return (
    <li ref={row} id={id} className="min-w-0 scroll-mt-16 target:bg-accent-soft">
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
