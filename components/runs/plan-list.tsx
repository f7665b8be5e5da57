import { clsx } from 'clsx';
import { Circle, CircleCheck, CircleDot, CircleSlash, type LucideIcon } from 'lucide-react';
import { planInWords, type PlanItem } from '../../server/domain/runs/plan.ts';

const looks: Record<PlanItem['state'], { icon: LucideIcon; word: string; look: string; text: string }> = {
  todo: { icon: Circle, word: 'To do', look: 'text-ink-3', text: '' },
  doing: { icon: CircleDot, word: 'Doing', look: 'text-running', text: 'font-medium' },
  done: { icon: CircleCheck, word: 'Done', look: 'text-good', text: 'text-ink-2' },
  dropped: { icon: CircleSlash, word: 'Dropped', look: 'text-ink-3', text: 'text-ink-3 line-through' },
};

/** An agent's plan as a checklist, in its own words. */
export function PlanList({ items }: { items: readonly PlanItem[] }) {
  if (items.length === 0) return <p className="text-sm text-ink-3">The agent has written no plan.</p>;
  return (
    <div className="flex flex-col gap-3">
      <p className="figures text-sm text-ink-3">{planInWords(items)}</p>
      <ol className="flex flex-col gap-2">
        {items.map(({ text, state }, index) => {
          const { icon: Icon, word, look, text: shown } = looks[state];
          return (
            <li key={index} className="flex min-w-0 items-start gap-2.5 text-sm">
              <Icon aria-hidden className={clsx('mt-0.5 size-4 shrink-0', look)} />
              <span className={clsx('min-w-0 flex-1 foreign', shown)}>{text}</span>
              <span className={clsx('shrink-0 text-xs', look)}>{word}</span>
            </li>
          );
        })}
      </ol>
    </div>
  );
}
