import type { StageView } from '../../server/domain/views/views.ts';

export type PipelineRow =
  | { type: 'attempt'; stage: StageView; again: boolean; backFrom: string | null; sentBack: boolean }
  | { type: 'planned'; name: string };

/**
 * The way a task has gone and has still to go: attempts in the order they began, each marked where it goes back to an
 * earlier stage (`backFrom` names the stage that sent it, and that one is `sentBack`), then the stages after the last one.
 */
export function pipelineRows(stages: readonly StageView[], planned: readonly string[], over: boolean): PipelineRow[] {
  const attempts = stages.toSorted((a, b) => a.startedAt.localeCompare(b.startedAt) || a.attempt - b.attempt);
  const place = (stage: StageView) => planned.indexOf(stage.stage);
  const goesBack = (index: number) => {
    const [before, stage] = [attempts[index - 1], attempts[index]];
    return before !== undefined && stage !== undefined && place(stage) <= place(before) ? before.stage : null;
  };
  const rows: PipelineRow[] = attempts.map((stage, index) => ({
    type: 'attempt',
    stage,
    again: stage.attempt > 1,
    backFrom: goesBack(index),
    sentBack: stage.status === 'failed' && goesBack(index + 1) !== null,
  }));
  const last = attempts.at(-1);
  const rest = over ? [] : planned.slice(last ? place(last) + 1 : 0);
  return [...rows, ...rest.map((name): PipelineRow => ({ type: 'planned', name }))];
}
