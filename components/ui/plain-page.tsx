import type { ReactNode } from 'react';
import { Wordmark } from './wordmark.tsx';

type Props = { children: ReactNode; wide?: boolean; aside?: ReactNode };

/** A page outside any org: one narrow column under the name of the product. */
export function PlainPage({ children, wide = false, aside }: Props) {
  return (
    <main
      className={`mx-auto flex min-h-dvh w-full flex-col gap-8 px-5 py-10 sm:py-16 ${wide ? 'max-w-3xl' : 'max-w-md'}`}
    >
      <div className="flex items-center justify-between gap-4">
        <Wordmark />
        {aside}
      </div>
      {children}
    </main>
  );
}
