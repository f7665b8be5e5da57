import type { BudgetRowView } from '../../server/domain/views/budget-views.ts';
import { money } from '../ui/format.ts';
import { burnWords } from './burn-words.ts';

/** Money by day of the month; what it comes to in words, so that nobody has to read the bars. */
export function Burn({ row }: { row: Pick<BudgetRowView, 'name' | 'days' | 'forecastMicros' | 'micros'> }) {
  const most = Math.max(1, ...row.days.map(({ micros }) => micros));
  const spent = row.days.reduce((sum, { micros }) => sum + micros, 0);
  return (
    <figure className="flex flex-col gap-2">
      <div aria-hidden className="flex h-16 items-end gap-px border-b border-line">
        {row.days.map(({ day, micros }) => (
          <span
            key={day}
            title={`Day ${day}: ${money(micros)}`}
            className="min-w-0 flex-1 rounded-t-sm bg-ink-3"
            style={{ height: `${(micros / most) * 100}%` }}
          />
        ))}
      </div>
      <figcaption className="text-sm text-ink-2">{burnWords({ ...row, spent })}</figcaption>
    </figure>
  );
}
