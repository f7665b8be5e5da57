import type { BudgetRowView } from '../../server/domain/views/budget-views.ts';
import { money } from '../ui/format.ts';

type Words = Pick<BudgetRowView, 'forecastMicros' | 'micros'> & { spent: number };

export function burnWords({ spent, forecastMicros, micros }: Words): string {
  if (forecastMicros === null) return `${money(spent)} spent today; a forecast comes with the second day of the month.`;
  const words = `${money(spent)} spent this month. Going on like this, the month comes to ${money(forecastMicros)}`;
  if (micros === null || forecastMicros <= micros) return `${words}.`;
  return `${words}, more than the ${money(micros)} it may use.`;
}
