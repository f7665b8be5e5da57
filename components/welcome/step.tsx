import { clsx } from 'clsx';
import { Check } from 'lucide-react';
import type { ReactNode } from 'react';

export type StepState = 'done' | 'now' | 'later';
type Props = { number: number; title: string; state: StepState; proof?: ReactNode; children: ReactNode };

function Badge({ number, state }: { number: number; state: StepState }) {
  return (
    <span
      aria-hidden
      className={clsx(
        'figures flex size-7 shrink-0 items-center justify-center rounded-full border text-sm font-medium',
        state === 'done' && 'border-transparent bg-good-soft text-good',
        state === 'now' && 'border-accent text-accent',
        state === 'later' && 'border-line-strong text-ink-3',
      )}
    >
      {state === 'done' ? <Check className="size-4" /> : number}
    </span>
  );
}

/** One step of three: done ones show their proof, the present one its form, later ones only their name. */
export function Step({ number, title, state, proof, children }: Props) {
  return (
    <li aria-current={state === 'now' ? 'step' : undefined} className="flex gap-4">
      <div className="flex flex-col items-center gap-2">
        <Badge number={number} state={state} />
        {number < 3 && <span aria-hidden className="w-px flex-1 bg-line" />}
      </div>
      <div className="flex min-w-0 flex-1 flex-col gap-3 pb-10">
        <h2 className={clsx('pt-0.5 text-lg font-semibold', state === 'later' && 'text-ink-3')}>{title}</h2>
        {state === 'done' && <div className="text-ink-2 foreign">{proof}</div>}
        {state === 'now' && children}
      </div>
    </li>
  );
}
