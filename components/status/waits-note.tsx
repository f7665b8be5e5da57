import { Clock } from 'lucide-react';
import type { Waits } from '../../server/domain/runs/run-state.ts';
import { Elapsed } from '../ui/time.tsx';

/** How long it has waited and what will end the wait; what it waits for is said by the state's own sentence. */
export function WaitsNote({ waits }: { waits: Waits | null }) {
  if (!waits) return null;
  return (
    <p className="flex items-start gap-2 text-sm text-ink-2 foreign">
      <Clock aria-hidden className="mt-0.5 size-4 shrink-0 text-ink-3" />
      <span>
        Waiting <Elapsed from={waits.since} />. What wakes it: {waits.wakes}.
      </span>
    </p>
  );
}
