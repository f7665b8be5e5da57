import { clsx } from 'clsx';
import type { ReactNode } from 'react';

type HeaderProps = { title: ReactNode; sub?: ReactNode; actions?: ReactNode };

/** The top of a page: what this is, one line about it, and what can be done with it. */
export function PageHeader({ title, sub, actions }: HeaderProps) {
  return (
    <header className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
      <div className="min-w-0 flex-1 basis-80">
        <h1 className="text-xl font-semibold foreign">{title}</h1>
        {sub && <div className="max-w-[76ch] text-ink-2 foreign">{sub}</div>}
      </div>
      {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
    </header>
  );
}

type SectionProps = { title: ReactNode; aside?: ReactNode; children: ReactNode; className?: string };

/** A headed part of a page. It has no box of its own: rules and space are enough. */
export function Section({ title, aside, children, className }: SectionProps) {
  return (
    <section className={clsx('flex min-w-0 flex-col gap-3', className)}>
      <div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1 border-b border-line pb-2">
        <h2 className="font-semibold">{title}</h2>
        {aside && <div className="text-sm text-ink-3">{aside}</div>}
      </div>
      {children}
    </section>
  );
}

/** Name and value, one under the other in two columns. */
export function Facts({ children, className }: { children: ReactNode; className?: string }) {
  return (
    <dl className={clsx('grid grid-cols-[minmax(88px,auto)_1fr] gap-x-4 gap-y-2 text-sm', className)}>{children}</dl>
  );
}

export function Fact({ name, children }: { name: ReactNode; children: ReactNode }) {
  return (
    <>
      <dt className="text-ink-3">{name}</dt>
      <dd className="min-w-0 foreign">{children}</dd>
    </>
  );
}
