import type { BoardCardView, BoardColumn } from '../../server/domain/views/views.ts';
import type { Tone } from '../ui/mark.tsx';

type Column = { id: BoardColumn; title: string; tone: Tone; empty: string };

/** Columns by what a thing waits for, the one that needs a person first. An empty one says why that is good. */
export const columns: readonly Column[] = [
  {
    id: 'needs_you',
    title: 'Needs you',
    tone: 'needs-you',
    empty: 'Nothing waits for you. Approvals and questions appear here first.',
  },
  { id: 'running', title: 'Running', tone: 'running', empty: 'No agent is working. File a task to start one.' },
  {
    id: 'waiting',
    title: 'Waiting',
    tone: 'waiting',
    empty: 'Nothing is held up: no task waits for a slot or a retry.',
  },
  { id: 'quarantined', title: 'Quarantined', tone: 'quarantined', empty: 'No agent is quarantined.' },
  { id: 'done', title: 'Done', tone: 'good', empty: 'Finished tasks stay here.' },
];

const shownDone = 12;

/** Which cards stand where: what has waited longest for a person first, elsewhere the latest progress first. */
export function boardLayout(cards: readonly BoardCardView[]): Record<BoardColumn, string[]> {
  const inColumn = (column: BoardColumn) => {
    const sign = column === 'needs_you' ? 1 : -1;
    const sorted = cards
      .filter((card) => card.column === column)
      .toSorted((a, b) => sign * a.progressAt.localeCompare(b.progressAt) || a.taskNumber - b.taskNumber);
    return (column === 'done' ? sorted.slice(0, shownDone) : sorted).map((card) => card.pipelineRunId);
  };
  return {
    needs_you: inColumn('needs_you'),
    running: inColumn('running'),
    waiting: inColumn('waiting'),
    quarantined: inColumn('quarantined'),
    done: inColumn('done'),
  };
}

/** Where a click on the card leads: to what can be done about it, else to the task. */
export function cardHref(org: string, card: BoardCardView): string {
  if (card.column === 'needs_you' && card.approvalId) return `/${org}/approvals/${card.approvalId}`;
  if (card.column === 'running' && card.runId) return `/${org}/runs/${card.runId}`;
  return `/${org}/tasks/${card.taskId}`;
}
