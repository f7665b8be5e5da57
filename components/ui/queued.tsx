import { ArrowUp } from 'lucide-react';
import { plural } from './format.ts';

/** Updates that wait because the pointer is over what they would move. */
export function Queued({ moves, onApply }: { moves: number; onApply: () => void }) {
  if (moves === 0) return null;
  return (
    <button
      type="button"
      onClick={onApply}
      className="inline-flex h-7 items-center gap-1.5 rounded-full border border-accent bg-accent-soft px-3 text-sm font-medium text-accent"
    >
      <ArrowUp aria-hidden className="size-3.5" />
      {plural(moves, 'update')}
    </button>
  );
}
