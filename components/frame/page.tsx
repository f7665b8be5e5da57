import { clsx } from 'clsx';
import type { ReactNode } from 'react';

/** The content of a page, up to 1,440 px; `wide` takes what there is. */
export function Page({
  children,
  wide = false,
  className,
}: {
  children: ReactNode;
  wide?: boolean;
  className?: string;
}) {
  return (
    <div className={clsx('flex w-full min-w-0 flex-1 flex-col gap-6', !wide && 'max-w-[1440px]', className)}>
      {children}
    </div>
  );
}
