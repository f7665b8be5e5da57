import { clsx } from 'clsx';

/** A grey bar where text will be. */
export function Bone({ className }: { className?: string }) {
  return <span aria-hidden className={clsx('block animate-breathe rounded-sm bg-hover', className ?? 'h-4 w-full')} />;
}

/** What a list page looks like before its rows are there. */
export function ListSkeleton({ rows = 6 }: { rows?: number }) {
  return (
    <div role="status" aria-label="Loading" className="flex flex-col gap-4">
      <Bone className="h-7 w-40" />
      <div className="flex flex-col border-t border-line">
        {Array.from({ length: rows }, (_, row) => (
          <div key={row} className="flex h-12 items-center gap-4 border-b border-line">
            <Bone className="h-4 w-8" />
            <Bone className="h-4 max-w-96 flex-1" />
            <Bone className="ml-auto h-5 w-24" />
          </div>
        ))}
      </div>
    </div>
  );
}

/** What a page about one thing looks like before it is there. */
export function DetailSkeleton() {
  return (
    <div role="status" aria-label="Loading" className="flex flex-col gap-4">
      <Bone className="h-7 max-w-xl" />
      <Bone className="h-5 w-64" />
      <div className="grid gap-6 pt-4 lg:grid-cols-[1fr_320px]">
        <div className="flex flex-col gap-3">
          {Array.from({ length: 7 }, (_, row) => (
            <Bone key={row} className="h-9 w-full" />
          ))}
        </div>
        <Bone className="h-64 w-full" />
      </div>
    </div>
  );
}
