import { clsx } from 'clsx';
import { ChevronDown } from 'lucide-react';
import type { ComponentProps, SelectHTMLAttributes, TextareaHTMLAttributes } from 'react';

// 16 px on touch screens: anything smaller makes a phone zoom into the field.
const box =
  'w-full min-w-0 rounded-md border border-control bg-panel text-ink text-sm pointer-coarse:text-lg ' +
  'hover:border-ink-3 disabled:opacity-60 aria-invalid:border-bad foreign';

export function Input({ className, mono, ...rest }: ComponentProps<'input'> & { mono?: boolean }) {
  return (
    <input
      dir="auto"
      className={clsx(box, 'h-8 px-2.5 pointer-coarse:h-11', mono && 'font-mono', className)}
      {...rest}
    />
  );
}

export function TextArea({ className, ...rest }: TextareaHTMLAttributes<HTMLTextAreaElement>) {
  return <textarea dir="auto" className={clsx(box, 'min-h-24 px-2.5 py-1.5', className)} {...rest} />;
}

/** The browser's own list: on a phone nothing is better. */
export function Select({ className, children, ...rest }: SelectHTMLAttributes<HTMLSelectElement>) {
  return (
    <span className={clsx('relative inline-flex w-full min-w-0', className)}>
      <select className={clsx(box, 'h-8 appearance-none pr-8 pl-2.5 pointer-coarse:h-11')} {...rest}>
        {children}
      </select>
      <ChevronDown
        aria-hidden
        className="pointer-events-none absolute top-1/2 right-2 size-4 -translate-y-1/2 text-ink-3"
      />
    </span>
  );
}
